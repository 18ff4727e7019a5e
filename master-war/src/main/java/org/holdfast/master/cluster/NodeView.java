package org.holdfast.master.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.NodeReport;
import org.holdfast.contract.TaskMessage;

/**
 * A storage node as it is known at this moment. Code asks for capabilities, never for states by name.
 *
 * <table>
 * <caption>Capabilities by status and wanted state (in service, draining, offline)</caption>
 * <tr><th></th><th>RUNNING</th><th>VERIFYING</th><th>JOINING</th><th>DOWN, FAILED</th></tr>
 * <tr><td>canRead, canBeSource, canDelete</td><td>in service, draining</td><td></td><td></td><td></td></tr>
 * <tr><td>canTakeNew</td><td>in service</td><td></td><td></td><td></td></tr>
 * <tr><td>canTakeRepairs</td><td>in service, draining</td><td>in service, draining</td><td></td><td></td></tr>
 * <tr><td>holdsForGood</td><td>in service</td><td>in service</td><td>in service</td><td>in service, for the
 * hold-off</td></tr>
 * </table>
 *
 * <p>A node that is offline holds for good for the hold-off, too, as if it were down. It is pinged and not used.
 *
 * @param id key in the catalog
 * @param name its name
 * @param diskUuid identity of its data directory
 * @param place where it is
 * @param terms what a person has set for it
 * @param condition its two states, its room, and what was heard of it
 */
public record NodeView(long id, String name, String diskUuid, Place place, Terms terms, Condition condition) {
    /**
     * Where a node is.
     *
     * @param url base URL for members of the cluster
     * @param publicUrl base URL for clients
     * @param zone failure domain
     * @param host failure domain within the zone
     */
    public record Place(String url, String publicUrl, String zone, String host) {}

    /**
     * What a person has set for one node.
     *
     * @param heal how its bad copies are mended when it returns; empty: as configured
     * @param bandwidthBytesPerSecond most that workers may copy from and to it; empty: no cap
     */
    public record Terms(Optional<Heal> heal, Optional<Long> bandwidthBytesPerSecond) {
        static final Terms DEFAULT = new Terms(Optional.empty(), Optional.empty());
    }

    /** How bad copies on a node that returns are mended. */
    public enum Heal {
        AUTO,
        MANUAL
    }

    /**
     * What changes while a node lives.
     *
     * @param wanted what a person wants
     * @param seen what the cluster sees
     * @param room its room
     * @param heard what it last said
     */
    public record Condition(Wanted wanted, Seen seen, NodeReport.Room room, Heard heard) {
        public AdminState adminState() {
            return wanted.state;
        }

        public NodeStatus status() {
            return seen.status;
        }

        public long freeBytes() {
            return room.freeBytes();
        }
    }

    /** What a person wants of a node, and since when. */
    public record Wanted(AdminState state, Instant since) {}

    /**
     * What the cluster sees of a node.
     *
     * @param status its status
     * @param since when it became so
     * @param reason why it is not running; empty while it is
     * @param awaySince when it last was running; empty while it is, and for a new one
     * @param lateSince since when it runs and answers late; empty when it does not
     * @param isProved whether the process that was last heard is the one that has proved what it holds
     */
    public record Seen(
            NodeStatus status,
            Instant since,
            Optional<String> reason,
            Optional<Instant> awaySince,
            Optional<Instant> lateSince,
            boolean isProved) {}

    /**
     * What a node last said.
     *
     * @param at when; empty before the first answer
     * @param bootId its process, as the catalog has it; empty text before the first answer
     * @param appliedSeq number of the last change that it has applied
     */
    public record Heard(Optional<Instant> at, String bootId, long appliedSeq) {}

    public String url() {
        return place.url;
    }

    public String publicUrl() {
        return place.publicUrl;
    }

    public String zone() {
        return place.zone;
    }

    public String host() {
        return place.host;
    }

    boolean isRunning() {
        return is(NodeStatus.RUNNING);
    }

    private boolean is(NodeStatus status) {
        return condition.status() == status;
    }

    /** Whether a person wants it to be used. */
    private boolean isWanted() {
        return condition.adminState().isWanted();
    }

    /** Whether it is heard: a new one has never been, and one that is silent for long is down. */
    boolean answers() {
        return !is(NodeStatus.JOINING) && !is(NodeStatus.DOWN);
    }

    /** Whether it is to be used where another one can be used as well. */
    public boolean isPrompt() {
        return condition.seen.lateSince.isEmpty();
    }

    /** Whether clients are sent to it to read. */
    public boolean canRead() {
        return isRunning() && isWanted();
    }

    /** Whether it may get new files and new copies. */
    public boolean canTakeNew() {
        return isRunning() && condition.adminState() == AdminState.IN_SERVICE;
    }

    /** Whether workers may copy from it. */
    public boolean canBeSource() {
        return canRead();
    }

    /** Whether workers may write again what it should hold already. */
    public boolean canTakeRepairs() {
        return (isRunning() || is(NodeStatus.VERIFYING)) && isWanted();
    }

    /** Whether copies on it may be deleted now. */
    public boolean canDelete() {
        return canRead();
    }

    /** Whether it is to be used and does not answer. */
    public boolean isMissed() {
        return is(NodeStatus.DOWN) && isWanted();
    }

    /** Whether it is to be used and can't be, until a person has done something. */
    public boolean hasFailed() {
        return is(NodeStatus.FAILED) && isWanted();
    }

    /** Whether it gets heartbeats. */
    public boolean isPinged() {
        return condition.adminState() != AdminState.REMOVED;
    }

    /** Whether it has to prove now what it holds. */
    public boolean mustProve() {
        return is(NodeStatus.VERIFYING) && isWanted();
    }

    /**
     * Whether its copies count as good: a node that is away is expected back for a while.
     *
     * @param holdOff for how long; {@link HealConfig#holdOff}
     */
    public boolean holdsForGood(Duration holdOff, Instant now) {
        boolean isInService = condition.adminState() == AdminState.IN_SERVICE;
        return (isInService && isHere())
                || awaitedUntil(holdOff).filter(now::isBefore).isPresent();
    }

    /**
     * When the copies of a node that is away, or offline, stop to count, and are made elsewhere. Empty for one that is
     * here, and for one that is not expected back.
     */
    public Optional<Instant> awaitedUntil(Duration holdOff) {
        Instant away = condition.seen.awaySince.orElse(condition.seen.since).plus(holdOff);
        Instant offline = condition.wanted.since.plus(holdOff);
        return switch (condition.adminState()) {
            case IN_SERVICE -> isHere() ? Optional.empty() : Optional.of(away);
            case OFFLINE -> Optional.of(isHere() || offline.isBefore(away) ? offline : away);
            case DRAINING, REMOVED -> Optional.empty();
        };
    }

    private boolean isHere() {
        return isRunning() || is(NodeStatus.VERIFYING) || is(NodeStatus.JOINING);
    }

    /** As a worker sees it. */
    public TaskMessage.Member member() {
        return new TaskMessage.Member(name, url());
    }

    /** With what the node itself has just said. */
    NodeView hearing(NodeReport report, Instant now) {
        return with(
                report.room(),
                new Heard(
                        Optional.of(now), condition.heard.bootId, report.state().appliedSeq()));
    }

    /** This, as it is stored, with the room and the word of {@code known} where that was heard later. */
    NodeView orLaterHeard(NodeView known) {
        boolean later = known.condition
                .heard
                .at
                .filter(at -> condition
                        .heard
                        .at
                        .filter(stored -> !stored.isBefore(at))
                        .isEmpty())
                .isPresent();
        if (!later) {
            return this;
        }
        return with(
                known.condition.room,
                new Heard(known.condition.heard.at, condition.heard.bootId, known.condition.heard.appliedSeq));
    }

    private NodeView with(NodeReport.Room room, Heard heard) {
        return new NodeView(
                id, name, diskUuid, place, terms, new Condition(condition.wanted, condition.seen, room, heard));
    }
}
