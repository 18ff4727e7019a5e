package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.NodeReport;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** How full the nodes were, and how quickly they answered, over a year: the older, the coarser. */
@ApplicationScoped
public class NodeSamples {
    /** Time between two samples. */
    public static final Duration EVERY = Duration.ofSeconds(10);

    static final Duration MIDDLE = Duration.ofMinutes(5);
    static final Duration COARSE = Duration.ofHours(1);
    static final Duration FINE_FOR = Duration.ofDays(1);
    static final Duration MIDDLE_FOR = Duration.ofDays(30);
    static final Duration COARSE_FOR = Duration.ofDays(365);

    /** More than a year has: a day of fine ones, 29 days of middle ones, the rest coarse. */
    private static final int MAX_ROWS = 30_000;

    private static final String COLUMNS =
            "at, span_seconds, capacity_bytes, used_bytes, free_bytes, ping_micros, max_ping_micros, puts, gets,"
                    + " put_bytes, get_bytes";

    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView view;

    @Inject
    PingTimes pings;

    @Inject
    NodeTraffic traffic;

    @Inject
    Leadership leadership;

    @Inject
    Clock clock;

    /**
     * A time of a node.
     *
     * @param at its begin
     * @param span its length
     * @param room means; the capacity is the largest
     * @param ping mean time until it answered a heartbeat; empty when it did not answer
     * @param maxPing the longest
     * @param traffic what it carried for clients; empty when that is not known
     */
    public record Sample(
            Instant at,
            Duration span,
            NodeReport.Room room,
            Optional<Duration> ping,
            Optional<Duration> maxPing,
            Optional<NodeReport.Traffic> traffic) {}

    /** Notes how each node is now; does nothing when this master does not lead. */
    @Transactional
    public void take() {
        if (!leadership.isLeader()) {
            return;
        }
        leadership.requireLeader();
        Instant at = floor(clock.instant(), EVERY);
        for (NodeView node : view.nodes()) {
            var ping = pings.take(node.id());
            var carried = traffic.take(node.id());
            var room = node.condition().room();
            entities.createNativeQuery("INSERT IGNORE INTO node_sample (node_id, " + COLUMNS
                            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                    .setParameter(1, node.id())
                    .setParameter(2, Rows.utc(at))
                    .setParameter(3, EVERY.toSeconds())
                    .setParameter(4, room.capacityBytes())
                    .setParameter(5, room.usedBytes())
                    .setParameter(6, room.freeBytes())
                    .setParameter(7, ping.map(PingTimes.Sum::meanMicros).orElse(null))
                    .setParameter(8, ping.map(PingTimes.Sum::maxMicros).orElse(null))
                    .setParameter(9, carried.map(NodeReport.Traffic::puts).orElse(null))
                    .setParameter(10, carried.map(NodeReport.Traffic::gets).orElse(null))
                    .setParameter(11, carried.map(NodeReport.Traffic::putBytes).orElse(null))
                    .setParameter(12, carried.map(NodeReport.Traffic::getBytes).orElse(null))
                    .executeUpdate();
        }
    }

    /** Makes old samples coarser and forgets the oldest; does nothing when this master does not lead. Idempotent. */
    @Transactional
    public void tidy() {
        if (!leadership.isLeader()) {
            return;
        }
        leadership.requireLeader();
        Instant now = clock.instant();
        rollUp(EVERY, MIDDLE, now.minus(FINE_FOR));
        rollUp(MIDDLE, COARSE, now.minus(MIDDLE_FOR));
        delete(COARSE, now.minus(COARSE_FOR));
    }

    /** Whole spans only, so that each is computed from all that belongs to it. */
    private void rollUp(Duration from, Duration into, Instant olderThan) {
        Instant end = floor(olderThan, into);
        String bucket = "TIMESTAMPADD(SECOND, TIMESTAMPDIFF(SECOND, '2000-01-01', at) DIV " + into.toSeconds() + " * "
                + into.toSeconds() + ", '2000-01-01')";
        entities.createNativeQuery("INSERT IGNORE INTO node_sample (node_id, " + COLUMNS + ") SELECT node_id, " + bucket
                        + " AS bucket, ?, MAX(capacity_bytes), AVG(used_bytes), AVG(free_bytes), AVG(ping_micros),"
                        + " MAX(max_ping_micros), SUM(puts), SUM(gets), SUM(put_bytes), SUM(get_bytes)"
                        + " FROM node_sample WHERE span_seconds = ? AND at < ?"
                        + " GROUP BY node_id, bucket")
                .setParameter(1, into.toSeconds())
                .setParameter(2, from.toSeconds())
                .setParameter(3, Rows.utc(end))
                .executeUpdate();
        delete(from, end);
    }

    private void delete(Duration span, Instant before) {
        entities.createNativeQuery("DELETE FROM node_sample WHERE span_seconds = ? AND at < ?")
                .setParameter(1, span.toSeconds())
                .setParameter(2, Rows.utc(before))
                .executeUpdate();
    }

    private static Instant floor(Instant instant, Duration span) {
        return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), span.toSeconds()) * span.toSeconds());
    }

    /** Samples of a node from {@code from} to before {@code to}, in order; at most {@value #MAX_ROWS}. */
    @Transactional
    public List<Sample> list(long nodeId, Instant from, Instant to) {
        return Rows.of(entities.createNativeQuery("SELECT " + COLUMNS
                                + " FROM node_sample WHERE node_id = ? AND at >= ? AND at < ? ORDER BY at")
                        .setParameter(1, nodeId)
                        .setParameter(2, Rows.utc(from))
                        .setParameter(3, Rows.utc(to))
                        .setMaxResults(MAX_ROWS))
                .stream()
                .map(NodeSamples::sample)
                .toList();
    }

    private static Sample sample(@Nullable Object[] row) {
        return new Sample(
                Rows.instant(row[0]).orElseThrow(),
                Duration.ofSeconds(Rows.number(row[1])),
                new NodeReport.Room(Rows.number(row[2]), Rows.number(row[3]), Rows.number(row[4])),
                micros(row[5]),
                micros(row[6]),
                row[7] == null
                        ? Optional.empty()
                        : Optional.of(new NodeReport.Traffic(
                                Rows.number(row[7]), Rows.number(row[8]), Rows.number(row[9]), Rows.number(row[10]))));
    }

    private static Optional<Duration> micros(@Nullable Object column) {
        return column == null ? Optional.empty() : Optional.of(Duration.ofNanos(Rows.number(column) * 1_000));
    }
}
