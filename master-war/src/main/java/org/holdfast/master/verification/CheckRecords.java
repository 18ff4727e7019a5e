package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.Ulid;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** Writes down how checks go on. Each method makes sure that this master leads. */
@ApplicationScoped
public class CheckRecords {
    /** Findings of one check that are kept one by one; all are counted. */
    static final int MAX_FINDINGS = 1_000;

    private static final int MAX_DETAIL = 1_000;
    private static final int TRIM = 100;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Leadership leadership;

    @Inject
    VerifyConfig config;

    @Inject
    Clock clock;

    /** Why a check is made. */
    public enum Kind {
        /** A node came back. */
        RETURN,
        /** The continuous scrub. */
        SCRUB,
        /** Somebody asked for it. */
        DEMAND
    }

    /** How far a check is. */
    public enum State {
        WAITING,
        RUNNING,
        /** Nothing was wrong. */
        PASSED,
        /** Something was wrong. */
        FAILED,
        /** It was not brought to an end. */
        INTERRUPTED
    }

    /** What is being done. */
    public enum Phase {
        /** The node applies the changes that it missed. */
        CATCH_UP,
        /** What lies on the disk is compared with the catalog. */
        INVENTORY,
        /** Copies are read. */
        DIGESTS,
        /** Bad copies are restored. */
        HEAL
    }

    /** What a check is about. */
    record Subject(Kind kind, Optional<Long> nodeId, Scope scope, Mode mode) {}

    /** A check that is under way. */
    record Open(String id, Phase phase, String position, Instant startedAt) {}

    /** Something that was wrong. */
    record Finding(
            long nodeId, Wrong what, String name, @Nullable String path) {}

    /** A new check; earlier ones of that kind on that node that are still open were interrupted. */
    @Transactional
    String begin(Subject subject, State state, HeldCopies.Extent extent) {
        leadership.requireLeader();
        if (subject.nodeId.isPresent() && subject.kind != Kind.DEMAND) {
            entities.createNativeQuery("UPDATE copy_check SET state = 'INTERRUPTED', ended_at = ?, updated_at = ?,"
                            + " detail = 'Another one has begun.' WHERE node_id = ? AND kind = ? AND ended_at IS NULL")
                    .setParameter(1, Rows.utc(clock.instant()))
                    .setParameter(2, Rows.utc(clock.instant()))
                    .setParameter(3, subject.nodeId.get())
                    .setParameter(4, subject.kind.name())
                    .executeUpdate();
        }
        String id = Ulid.next(clock);
        entities.createNativeQuery("INSERT INTO copy_check (id, kind, node_id, namespace, path, mode, state, phase,"
                        + " copies_total, bytes_total, started_at, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .setParameter(1, id)
                .setParameter(2, subject.kind.name())
                .setParameter(3, subject.nodeId.orElse(null))
                .setParameter(4, subject.scope.namespace().orElse(null))
                .setParameter(5, subject.scope.path().orElse(null))
                .setParameter(6, subject.mode.name())
                .setParameter(7, state.name())
                .setParameter(8, firstPhase(subject.kind).name())
                .setParameter(9, extent.copies())
                .setParameter(10, extent.bytes())
                .setParameter(11, Rows.utc(clock.instant()))
                .setParameter(12, Rows.utc(clock.instant()))
                .executeUpdate();
        return id;
    }

    private static Phase firstPhase(Kind kind) {
        return switch (kind) {
            case RETURN -> Phase.CATCH_UP;
            case SCRUB -> Phase.INVENTORY;
            case DEMAND -> Phase.DIGESTS;
        };
    }

    /** The check of that kind on that node that is under way. */
    @Transactional
    Optional<Open> open(Kind kind, long nodeId) {
        return Rows.first(entities.createNativeQuery(
                                "SELECT id, phase, position, started_at FROM copy_check WHERE node_id = ?"
                                        + " AND kind = ? AND state = 'RUNNING' ORDER BY id DESC")
                        .setParameter(1, nodeId)
                        .setParameter(2, kind.name()))
                .map(row -> new Open(
                        Rows.text(row[0]),
                        Phase.valueOf(Rows.text(row[1])),
                        Rows.text(row[2]),
                        Rows.instant(row[3]).orElseThrow()));
    }

    /** The check goes over to something else. */
    @Transactional
    void turn(String id, Phase phase) {
        leadership.requireLeader();
        entities.createNativeQuery(
                        "UPDATE copy_check SET state = 'RUNNING', phase = ?, position = '', updated_at = ? WHERE id = ?")
                .setParameter(1, phase.name())
                .setParameter(2, Rows.utc(clock.instant()))
                .setParameter(3, id)
                .executeUpdate();
    }

    /** So many more are done, up to this position. */
    @Transactional
    void advance(String id, long copies, long bytes, String position) {
        leadership.requireLeader();
        entities.createNativeQuery("UPDATE copy_check SET copies_done = copies_done + ?, bytes_done = bytes_done + ?,"
                        + " position = ?, updated_at = ? WHERE id = ?")
                .setParameter(1, copies)
                .setParameter(2, bytes)
                .setParameter(3, position)
                .setParameter(4, Rows.utc(clock.instant()))
                .setParameter(5, id)
                .executeUpdate();
    }

    /** These were found wrong. */
    @Transactional
    void find(String id, List<Finding> findings) {
        leadership.requireLeader();
        long before = count(id);
        for (Finding finding :
                findings.subList(0, (int) Math.min(findings.size(), Math.max(0, MAX_FINDINGS - before)))) {
            entities.createNativeQuery("INSERT INTO check_finding (check_id, node_id, found_at, what, name, path)"
                            + " VALUES (?, ?, ?, ?, ?, ?)")
                    .setParameter(1, id)
                    .setParameter(2, finding.nodeId)
                    .setParameter(3, Rows.utc(clock.instant()))
                    .setParameter(4, finding.what.name())
                    .setParameter(5, finding.name)
                    .setParameter(6, finding.path)
                    .executeUpdate();
        }
        entities.createNativeQuery("UPDATE copy_check SET found = found + ?, updated_at = ? WHERE id = ?")
                .setParameter(1, findings.size())
                .setParameter(2, Rows.utc(clock.instant()))
                .setParameter(3, id)
                .executeUpdate();
    }

    private long count(String id) {
        return Rows.longs(entities.createNativeQuery("SELECT COUNT(*) FROM check_finding WHERE check_id = ?")
                        .setParameter(1, id))
                .get(0);
    }

    /** What comes of a check by what it has found. */
    @Transactional
    State outcome(String id) {
        boolean isClean = Rows.longs(entities.createNativeQuery("SELECT found FROM copy_check WHERE id = ?")
                        .setParameter(1, id))
                .equals(List.of(0L));
        return isClean ? State.PASSED : State.FAILED;
    }

    /** The check is over. */
    @Transactional
    void end(String id, State state, String detail) {
        leadership.requireLeader();
        entities.createNativeQuery(
                        "UPDATE copy_check SET state = ?, detail = ?, ended_at = ?, updated_at = ? WHERE id = ?")
                .setParameter(1, state.name())
                .setParameter(2, detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL))
                .setParameter(3, Rows.utc(clock.instant()))
                .setParameter(4, Rows.utc(clock.instant()))
                .setParameter(5, id)
                .executeUpdate();
    }

    /** Forgets some checks that ended long ago, with their findings. Returns how many. */
    @Transactional
    public int trim() {
        leadership.requireLeader();
        return entities.createNativeQuery("DELETE FROM copy_check WHERE ended_at < ? LIMIT " + TRIM)
                .setParameter(1, Rows.utc(clock.instant().minus(config.keep())))
                .executeUpdate();
    }
}
