package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.net.URLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.WriteLock;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.access.TicketConfig;
import org.holdfast.master.account.Caller;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.CatalogDisk;
import org.holdfast.master.placement.Candidate;
import org.holdfast.master.placement.CopyPlan;
import org.holdfast.master.placement.Place;
import org.holdfast.master.placement.Placement;
import org.holdfast.master.placement.PlacementPolicy;

/**
 * The first step of a put: checks what can be checked before bytes flow, locks the name, and chooses where the bytes go.
 * The conditions are checked again in the commit. Run it through {@link org.holdfast.master.database.Contention#retry}.
 */
@ApplicationScoped
public class RequestUpload {
    /** Two partners may fail at once, and the put goes on. */
    private static final int SPARE_PARTNERS = 2;

    private static final String UNKNOWN_TYPE = "application/octet-stream";

    @Inject
    FindNames names;

    @Inject
    FindRoles roles;

    @Inject
    Folders folders;

    @Inject
    CountUsage usage;

    @Inject
    KeepVersions keepVersions;

    @Inject
    LockTransfers lockTransfers;

    @Inject
    ProveLocks proveLocks;

    @Inject
    ClusterView cluster;

    @Inject
    TicketConfig tickets;

    @Inject
    CatalogDisk disk;

    @Inject
    Clock clock;

    /**
     * What a client wants to put.
     *
     * @param address name of the file
     * @param sizeBytes its length, or {@link BlobFacts#UNKNOWN_SIZE}
     * @param digests what the client knows of it
     * @param contentType media type, where the client told it
     * @param terms conditions
     * @param nodes which nodes may be the origin
     * @param writer the same in all tries of one put, where the client told it
     */
    public record Wish(
            FileAddress address,
            long sizeBytes,
            Digests digests,
            Optional<String> contentType,
            PutTerms terms,
            NodeChoice nodes,
            Optional<String> writer) {}

    /**
     * Which nodes may become the origin.
     *
     * @param excluded names that the client has tried in vain
     * @param only the one node to use, where the client is talking to it already
     */
    public record NodeChoice(Set<String> excluded, Optional<String> only) {}

    /**
     * Where the bytes may go.
     *
     * @param nodes at least one, in the order in which to try them
     * @param tickets makes the ticket for one of the nodes, each time with a blob of its own: what one node has left
     *     behind at its partners must never be taken for what another has brought there
     * @param lock that all of the tickets tell of; to be released by whoever gives the put up
     */
    public record Upload(List<NodeView> nodes, Function<NodeView, Ticket> tickets, Optional<WriteLock> lock) {}

    /**
     * The nodes that may take the bytes, and their tickets.
     *
     * @param operation PUT when the client sends the bytes itself, LAND when the master streams them
     * @throws HoldfastException NOT_FOUND, CONFLICT, PRECONDITION, INVALID {@code path-too-deep} and for a durability that
     *     the namespace does not offer, TOO_LARGE {@code quota-exceeded}, LOCKED {@code locked}, FULL {@code full}, UNAVAILABLE {@code unavailable},
     *     {@code catalog-full} or {@code durability-unmet}
     */
    @Transactional
    public Upload ask(Caller caller, Wish wish, Ticket.Operation operation) {
        Namespace namespace = names.namespace(caller, wish.address(), FileOperation.PUT);
        int durability = durability(namespace, wish.terms());
        FileAddress address = wish.address();
        address.requireShort();
        Optional<FileView> there = names.find(caller, address);
        PutConditions.require(
                wish.terms(), address, there.map(FileView::validators).orElse(null));
        if (there.isEmpty() && names.isFolder(caller, address)) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT, "is-a-folder", "There is a folder named " + address + " already.");
        }
        if (there.isEmpty()) {
            folders.requireMakeable(namespace.id, address.parent());
        }
        boolean renames = wish.terms().onConflict() == OnConflict.RENAME && there.isPresent();
        if (renames) {
            roles.requireBeside(caller, namespace.ownerId, address);
        }
        disk.requireRoom();
        PutTerms bounded = bounded(namespace, wish, there.isPresent() && !renames);
        List<NodeView> nodes = nodes(namespace, wish);
        PlacementPolicy policy = namespace.placement;
        requireReachable(
                durability, 1 + partners(policy, wish, nodes.get(0), durability).size());
        // Last: who is refused for another reason leaves no lock behind.
        Optional<WriteLock> lock = lockTransfers.acquire(
                caller, namespace.id, address, wish.terms().onConflict(), writer(wish));
        return new Upload(
                nodes,
                node -> new Ticket(
                        operation,
                        new BlobFacts(BlobId.next(clock), wish.sizeBytes(), wish.digests()),
                        address,
                        wish.contentType().orElseGet(() -> guess(address.name())),
                        clock.instant().plus(tickets.life()),
                        Optional.of(bounded.by(caller.accountId())
                                .with(durability, partners(policy, wish, node, durability))
                                .under(lock.map(taken -> proveLocks.heldBy(node.name(), taken))))),
                lock);
    }

    /** Whoever excludes nodes has tried them: the earlier try is given up. */
    private static LockTransfers.Writer writer(Wish wish) {
        return new LockTransfers.Writer(wish.writer(), !wish.nodes().excluded().isEmpty());
    }

    /** Refuses what quotas don't allow, and adds to the terms how far they go. */
    private PutTerms bounded(Namespace namespace, Wish wish, boolean replaces) {
        long freed = replaces ? keepVersions.freedByPut(namespace, wish.address()) : 0;
        boolean isTold = wish.sizeBytes() != BlobFacts.UNKNOWN_SIZE;
        CountUsage.Room room = usage.requireRoom(
                namespace.id, new CountUsage.Usage(replaces ? 0 : 1, (isTold ? wish.sizeBytes() : 0) - freed));
        // Divided among all nodes, also those that can't take it now: they may have kept something before.
        int nodes = Math.max(1, cluster.nodes().size());
        return wish.terms()
                .upTo(isTold ? Optional.empty() : room.mostBytes(freed))
                .keeping(room.keptShare(namespace, freed, nodes));
    }

    /** Those that the origin forwards the bytes to, and some to replace them; across zones, as all copies. */
    private List<TaskMessage.Member> partners(PlacementPolicy policy, Wish wish, NodeView origin, int durability) {
        if (durability == 1) {
            return List.of();
        }
        var file = new Placement.Wish(policy, wish.address().toString(), wish.sizeBytes());
        return CopyPlan.further(
                        List.of(new Place(origin.name(), origin.zone(), origin.host())),
                        durability + SPARE_PARTNERS,
                        Placement.inOrder(file, cluster.candidates(Set.of()), ThreadLocalRandom.current()))
                .stream()
                .map(name -> cluster.require(name).member())
                .toList();
    }

    private List<NodeView> nodes(Namespace namespace, Wish wish) {
        List<Candidate> candidates =
                cluster.promptOnes(cluster.candidates(wish.nodes().excluded()).stream()
                        .filter(node ->
                                wish.nodes().only().map(node.name()::equals).orElse(true))
                        .toList());
        if (candidates.isEmpty()) {
            throw HoldfastException.comeBack(
                    "unavailable",
                    "No storage node can take files at this moment" + excluded(wish) + "; try again.",
                    Duration.ofSeconds(1));
        }
        List<NodeView> nodes = Placement.primaries(
                        namespace.placement,
                        wish.address().toString(),
                        candidates,
                        wish.sizeBytes(),
                        ThreadLocalRandom.current())
                .stream()
                .map(cluster::require)
                .toList();
        if (nodes.isEmpty()) {
            throw HoldfastException.of(
                    FailureKind.FULL, "full", "No storage node has room for a file of " + wish.sizeBytes() + " bytes.");
        }
        return nodes;
    }

    private static String excluded(Wish wish) {
        return wish.nodes().excluded().isEmpty()
                ? ""
                : " besides those excluded (" + String.join(", ", wish.nodes().excluded()) + ")";
    }

    private static int durability(Namespace namespace, PutTerms terms) {
        int copies = namespace.replicaCount + 1;
        if (terms.durability() > copies) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "The durability must be from 1 to " + copies + ", as many copies as " + namespace.name + " keeps.");
        }
        return terms.durability() == PutTerms.BY_NAMESPACE ? namespace.durability : terms.durability();
    }

    private static void requireReachable(int durability, int reachable) {
        if (reachable < durability) {
            throw HoldfastException.comeBack(
                    "durability-unmet",
                    "This put is to be on " + durability + " nodes before it is acknowledged, but only " + reachable
                            + " can take it at this moment; nothing was stored. Try again.",
                    Duration.ofSeconds(1));
        }
    }

    private static String guess(String name) {
        String type = URLConnection.guessContentTypeFromName(name);
        return type == null ? UNKNOWN_TYPE : type;
    }
}
