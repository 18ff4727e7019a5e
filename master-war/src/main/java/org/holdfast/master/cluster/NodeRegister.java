package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.NodeReport;
import org.holdfast.master.database.Rows;

/** The stored side of the storage nodes. */
@ApplicationScoped
public class NodeRegister {
    private static final int MAX_NAME = 64;
    /** Between the name of a node that was removed and its key, once somebody else has taken the name. */
    private static final String FORMER = ".removed-";

    /** Kind of the event that somebody was refused under a node's name or with its disk. */
    public static final String REFUSED = "IDENTITY";

    /** How long such an event speaks for all that are alike: who is refused tries again every two seconds. */
    public static final Duration REFUSAL_EVERY = Duration.ofHours(1);

    @PersistenceContext
    EntityManager entities;

    @Inject
    NodeEvents events;

    @Inject
    Clock clock;

    /**
     * Registers a node, or takes over a known one's present address. A name and a disk belong together until the node is
     * removed; then the name is free, and the disk is not taken any more.
     *
     * @throws HoldfastException CONFLICT {@code node-name-taken}, {@code disk-known} or {@code node-removed}
     */
    @Transactional
    public void join(JoinRequest request) {
        requireUrls(request);
        NodeReport report = request.report();
        Optional<StorageNode> sameName = find("name", report.name());
        Optional<StorageNode> sameDisk = find("diskUuid", report.diskUuid());
        sameName.filter(known -> !known.diskUuid.equals(report.diskUuid())).ifPresent(NodeRegister::requireRemoved);
        sameDisk.ifPresent(known -> requireDisk(known, report.name()));
        if (sameName.isPresent() && sameDisk.isEmpty()) {
            giveNameAway(sameName.get());
        }
        StorageNode node = sameDisk.orElseGet(() -> {
            var made = new StorageNode(request, clock.instant());
            entities.persist(made);
            return made;
        });
        node.announce(request);
    }

    /** All nodes but removed ones. */
    @Transactional
    public List<NodeView> all() {
        return entities.createQuery("select n from StorageNode n where n.adminState <> :removed", StorageNode.class)
                .setParameter("removed", AdminState.REMOVED)
                .getResultStream()
                .map(StorageNode::view)
                .toList();
    }

    /** Number of the catalog's last change that nodes can apply; 0 for none. */
    @Transactional
    public long headSeq() {
        return Rows.longs(entities.createNativeQuery("SELECT COALESCE(MAX(seq), 0) FROM change_log"))
                .get(0);
    }

    /** When a node of this name was removed last; what was made out to it until then is good for nothing any more. */
    @Transactional
    public Optional<Instant> removedAt(String name) {
        return entities.createQuery(
                        "select n from StorageNode n where n.adminState = :removed and (n.name = :name or n.name like :former)",
                        StorageNode.class)
                .setParameter("removed", AdminState.REMOVED)
                .setParameter("name", name)
                .setParameter("former", name + FORMER + "%")
                .getResultStream()
                .map(node -> node.adminSince)
                .max(Comparator.naturalOrder());
    }

    private static void requireDisk(StorageNode known, String name) {
        if (known.adminState == AdminState.REMOVED) {
            throw conflict(
                    "node-removed",
                    "This data directory belongs to the node " + known.name + ", which was removed; what is on it is"
                            + " not to be trusted. Start with an empty data directory.");
        }
        if (!known.name.equals(name)) {
            throw conflict("disk-known", "This data directory belongs to the node " + known.name + ".");
        }
    }

    /** A new disk may take the name of one that was removed, and of no other. */
    private static void requireRemoved(StorageNode known) {
        if (known.adminState != AdminState.REMOVED) {
            throw conflict(
                    "node-name-taken",
                    "The name " + known.name + " belongs to another disk; give this node a name of its own,"
                            + " or its old data directory back.");
        }
    }

    private void giveNameAway(StorageNode known) {
        String suffix = FORMER + known.id;
        known.name = known.name.substring(0, Math.min(known.name.length(), MAX_NAME - suffix.length())) + suffix;
        // Before the new row: the name is unique.
        entities.flush();
    }

    /** Writes down that somebody was refused under the name, or with the disk, of a known node; once an hour. */
    @Transactional
    public void noteRefusal(JoinRequest request, String why) {
        concerned(request).filter(node -> !isNoted(node, request, why)).ifPresent(node -> {
            events.node(node, NodeEvents.Event.of(REFUSED, refusal(request, why)));
        });
    }

    /** Whether the same was refused for the same reason within the last hour. */
    @Transactional
    public boolean wasRefused(JoinRequest request, String why) {
        return concerned(request).filter(node -> isNoted(node, request, why)).isPresent();
    }

    private Optional<NodeView> concerned(JoinRequest request) {
        NodeReport report = request.report();
        return find("diskUuid", report.diskUuid())
                .or(() -> find("name", report.name()))
                .map(StorageNode::view);
    }

    private boolean isNoted(NodeView node, JoinRequest request, String why) {
        return events.isKnown(
                node, REFUSED, refusal(request, why), clock.instant().minus(REFUSAL_EVERY));
    }

    private static String refusal(JoinRequest request, String why) {
        return "Refused to let " + request.url() + " join with the disk "
                + request.report().diskUuid() + ": " + why;
    }

    private static HoldfastException conflict(String code, String sentence) {
        return HoldfastException.of(FailureKind.CONFLICT, code, sentence);
    }

    private Optional<StorageNode> find(String attribute, String value) {
        return entities.createQuery("select n from StorageNode n where n." + attribute + " = :value", StorageNode.class)
                .setParameter("value", value)
                .getResultStream()
                .findFirst();
    }

    private static void requireUrls(JoinRequest request) {
        if (!request.report().name().matches("[a-z0-9][a-z0-9.-]{0,62}")) {
            throw invalid("A node's name has 1 to 63 of the characters a-z 0-9 . - and starts with a letter or digit.");
        }
        for (String url : List.of(request.url(), request.publicUrl())) {
            try {
                URI uri = URI.create(url);
                if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme()) || url.endsWith("/")) {
                    throw invalid("A node's URL looks like http://host:port, without a slash at the end.");
                }
            } catch (IllegalArgumentException e) {
                throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "A node's URL is malformed.", e);
            }
        }
    }

    private static HoldfastException invalid(String sentence) {
        return HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence);
    }
}
