package org.holdfast.storage.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinReply;
import org.holdfast.contract.MemberKeys;
import org.holdfast.contract.RemovedMembers;
import org.holdfast.contract.SignedCall;
import org.holdfast.contract.TicketSeal;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of its cluster at this moment. Thread-safe.
 *
 * <p>A node that has joined once knows its keys from its record: it honours tickets and heartbeats from its first
 * second on, even while no master answers its announcement.
 */
public final class Membership {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final NodeIdentity identity;
    private final Path file;
    private final Clock clock;
    private volatile NodeRecord record;
    private volatile @Nullable Credentials credentials;
    private volatile boolean announced;
    private volatile String refusal = "";
    private volatile RemovedMembers removed = RemovedMembers.NONE;
    private final AtomicBoolean timeIsDoubted = new AtomicBoolean();
    private final AtomicBoolean keysAreDoubted = new AtomicBoolean();

    /** Reads or begins the record of the data directory. */
    public Membership(NodeIdentity identity, Path file, Clock clock) {
        this.identity = identity;
        this.file = file;
        this.clock = clock;
        this.record = NodeRecord.open(file, identity.name(), identity.isSecure() ? "https" : "http");
        this.credentials = record.keys().isEmpty() ? null : credentials(record.keys());
    }

    /**
     * What this node's keys are good for.
     *
     * @param tickets opens tickets
     * @param signature checks calls of masters
     * @param calls signs calls to masters
     * @param keys the keys themselves
     */
    public record Credentials(TicketSeal tickets, SignedCall signature, ClusterCall calls, MemberKeys keys) {}

    private Credentials credentials(List<String> lines) {
        MemberKeys keys = MemberKeys.parse(lines);
        String name = identity.name();
        return new Credentials(
                new TicketSeal(name, keys.tickets(), clock),
                new SignedCall(name, keys.callsOfMasters(), clock),
                new ClusterCall(new SignedCall(name, keys.callsToMasters(), clock), CONNECT_TIMEOUT),
                keys);
    }

    /** Remembers a master's welcome, on the disk first. */
    synchronized void welcome(JoinReply reply) throws IOException {
        boolean sameKeys = record.keys().equals(reply.keys());
        NodeRecord joined = record.joined(reply.keys(), reply.masters());
        if (!joined.equals(record)) {
            joined.save(file);
            record = joined;
        }
        // Kept where nothing has changed, for its open connections.
        if (credentials == null || !sameKeys) {
            credentials = credentials(reply.keys());
        }
        announced = true;
    }

    /** A call came whose time is far from this node's; see {@link LearnTime}. */
    public void doubtTime() {
        timeIsDoubted.set(true);
    }

    /** Whether the time was doubted since this was last asked. */
    boolean takeDoubtOfTime() {
        return timeIsDoubted.getAndSet(false);
    }

    /** A call came that is signed with a key which this node does not have, or masters have others; see {@link JoinCluster}. */
    public void doubtKeys() {
        keysAreDoubted.set(true);
    }

    /** Whether the keys were doubted since this was last asked. */
    boolean takeDoubtOfKeys() {
        return keysAreDoubted.getAndSet(false);
    }

    /** Hears which keys the masters have. */
    void hearKeyIds(List<String> ids) {
        if (knownCredentials().filter(known -> !known.keys().ids().equals(ids)).isPresent()) {
            doubtKeys();
        }
    }

    void hearRemoved(RemovedMembers told) {
        removed = told;
    }

    /** Whose certificates are refused, as last heard since this process was started. */
    public RemovedMembers removed() {
        return removed;
    }

    public NodeIdentity identity() {
        return identity;
    }

    /** Whether a master has welcomed this node since it was started. */
    public boolean isAnnounced() {
        return announced;
    }

    /** Remembers for which code a master did not welcome this node. */
    void refusedFor(String code) {
        refusal = code;
    }

    /** The code for which a master last refused to welcome this node; an empty string without one. */
    public String refusal() {
        return announced ? "" : refusal;
    }

    /** Base URLs of the masters, as last heard; empty before the first join. */
    public List<String> masters() {
        return record.masters();
    }

    /** The credentials, once the node has ever joined. */
    public Optional<Credentials> knownCredentials() {
        return Optional.ofNullable(credentials);
    }

    /**
     * The credentials.
     *
     * @throws HoldfastException UNAVAILABLE {@code not-joined} before the first join
     */
    public Credentials credentials() {
        return knownCredentials()
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.UNAVAILABLE, "not-joined", "This node has not joined its cluster yet."));
    }

    /** Identity of the data directory. */
    public UUID diskUuid() {
        return record.diskUuid();
    }

    /**
     * Asks the disk whose the data directory is.
     *
     * @throws HoldfastException UNAVAILABLE when it is not this node's any more, or can't be read
     */
    public void requireOwnDirectory() {
        UUID found = NodeRecord.diskUuidIn(file);
        if (!found.equals(diskUuid())) {
            throw HoldfastException.of(
                    FailureKind.UNAVAILABLE,
                    "unavailable",
                    "The data directory of " + file + " is that of the disk " + found + " now and not that of "
                            + diskUuid() + ".");
        }
    }

    /** Remembers the masters, on the disk first; touches it only when they have changed. */
    synchronized void hear(List<String> masters) throws IOException {
        if (!masters.isEmpty() && !masters.equals(record.masters())) {
            NodeRecord changed = record.joined(record.keys(), masters);
            changed.save(file);
            record = changed;
        }
    }
}
