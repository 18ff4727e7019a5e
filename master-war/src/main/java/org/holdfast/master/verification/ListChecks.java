package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** Shows checks: how far they are, and what they found. */
@ApplicationScoped
public class ListChecks {
    private static final String COLUMNS = "SELECT c.id, c.kind, n.name, c.namespace, c.path, c.mode, c.state, c.phase,"
            + " c.copies_done, c.copies_total, c.bytes_done, c.bytes_total, c.found, c.detail, c.started_at,"
            + " c.updated_at, c.ended_at FROM copy_check c LEFT JOIN storage_node n ON n.id = c.node_id ";

    @PersistenceContext
    EntityManager entities;

    /**
     * A check as people see it.
     *
     * @param id its id
     * @param kind why it was made
     * @param node on which node; empty for all
     * @param scope about which files
     * @param mode which copies are read
     * @param state how far it is
     * @param phase what it does, or did last
     * @param progress in numbers
     * @param detail what came of it
     * @param times when
     */
    public record Check(
            String id,
            CheckRecords.Kind kind,
            Optional<String> node,
            Scope scope,
            Mode mode,
            CheckRecords.State state,
            CheckRecords.Phase phase,
            Progress progress,
            Optional<String> detail,
            Times times) {

        /** Bytes per second up to now. */
        public long bytesPerSecond() {
            long millis = Duration.between(times.startedAt, times.updatedAt).toMillis();
            return millis <= 0 ? 0 : progress.bytesDone * 1000 / millis;
        }

        /** How long it will still take at this rate; empty when it is over or nothing can be said. */
        public Optional<Duration> left() {
            long rate = bytesPerSecond();
            boolean isOpen = times.endedAt.isEmpty();
            return isOpen && rate > 0
                    ? Optional.of(Duration.ofSeconds(Math.max(0, progress.bytesTotal - progress.bytesDone) / rate))
                    : Optional.empty();
        }
    }

    /** Done, to be done, and what was wrong. */
    public record Progress(long copiesDone, long copiesTotal, long bytesDone, long bytesTotal, long found) {}

    /** When it began, was last heard of, and ended. */
    public record Times(Instant startedAt, Instant updatedAt, Optional<Instant> endedAt) {}

    /** One thing that was wrong. */
    public record Finding(Instant at, String node, Wrong what, String name, Optional<String> path) {}

    /** The last checks of a node, latest first; those of all nodes that were asked for are not among them. */
    @Transactional
    public List<Check> ofNode(long nodeId, int limit) {
        return checks(entities.createNativeQuery(COLUMNS + "WHERE c.node_id = ? ORDER BY c.id DESC LIMIT ?")
                .setParameter(1, nodeId)
                .setParameter(2, limit));
    }

    /** The last scrubs, continuous ones and those that were asked for, latest first. */
    @Transactional
    public List<Check> scrubs(int limit) {
        return checks(
                entities.createNativeQuery(COLUMNS + "WHERE c.kind IN ('SCRUB', 'DEMAND') ORDER BY c.id DESC LIMIT ?")
                        .setParameter(1, limit));
    }

    /** One check, or NOT_FOUND. */
    @Transactional
    public Check get(String id) {
        return checks(entities.createNativeQuery(COLUMNS + "WHERE c.id = ?").setParameter(1, id)).stream()
                .findFirst()
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.NOT_FOUND, "not-found", "There is no check " + id + "; old ones are forgotten."));
    }

    /** What a check found, in that order; the first thousand. */
    @Transactional
    public List<Finding> findings(String id) {
        return Rows.of(entities.createNativeQuery("SELECT f.found_at, n.name, f.what, f.name AS found, f.path"
                                + " FROM check_finding f JOIN storage_node n ON n.id = f.node_id WHERE f.check_id = ?"
                                + " ORDER BY f.id")
                        .setParameter(1, id))
                .stream()
                .map(row -> new Finding(
                        Rows.instant(row[0]).orElseThrow(),
                        Rows.text(row[1]),
                        Wrong.valueOf(Rows.text(row[2])),
                        Rows.text(row[3]),
                        Optional.ofNullable(Rows.textOrNull(row[4]))))
                .toList();
    }

    private static List<Check> checks(Query query) {
        return Rows.of(query).stream().map(ListChecks::check).toList();
    }

    private static Check check(@Nullable Object[] row) {
        return new Check(
                Rows.text(row[0]),
                CheckRecords.Kind.valueOf(Rows.text(row[1])),
                text(row[2]),
                new Scope(text(row[3]), text(row[4])),
                Mode.valueOf(Rows.text(row[5])),
                CheckRecords.State.valueOf(Rows.text(row[6])),
                CheckRecords.Phase.valueOf(Rows.text(row[7])),
                new Progress(
                        Rows.number(row[8]),
                        Rows.number(row[9]),
                        Rows.number(row[10]),
                        Rows.number(row[11]),
                        Rows.number(row[12])),
                text(row[13]),
                new Times(
                        Rows.instant(row[14]).orElseThrow(),
                        Rows.instant(row[15]).orElseThrow(),
                        Rows.instant(row[16])));
    }

    private static Optional<String> text(@Nullable Object column) {
        return Optional.ofNullable(Rows.textOrNull(column));
    }
}
