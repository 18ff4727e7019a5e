package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.TaskMessage;
import org.holdfast.master.database.Rows;

/**
 * Stops the dispatch of tasks, all or of one kind, until a person has it go on. It is written in the database and read
 * by every claim, so that all masters obey at once, and after a restart too. Tasks go on being made; what workers have
 * been given already goes on as well.
 */
@ApplicationScoped
public class PauseDispatch {
    private static final String ALL = "ALL";

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    Event<TasksDue> tasksDue;

    /**
     * What is stopped.
     *
     * @param kind of tasks; empty for all kinds
     * @param by name of the account that stopped it
     * @param reason why, as that person told; may be empty
     * @param since when
     */
    public record Pause(Optional<TaskMessage.Kind> kind, String by, String reason, Instant since) {
        /** Whether tasks of this kind are not begun. */
        public boolean holds(TaskMessage.Kind other) {
            return kind.isEmpty() || kind.get() == other;
        }
    }

    /** Everything that is stopped now. */
    @Transactional
    public List<Pause> all() {
        return Rows.of(entities.createNativeQuery("SELECT p.kind, a.name, p.reason, p.paused_at FROM task_pause p"
                        + " JOIN account a ON a.id = p.account_id ORDER BY p.kind"))
                .stream()
                .map(row -> new Pause(
                        Rows.text(row[0]).equals(ALL)
                                ? Optional.empty()
                                : Optional.of(TaskMessage.Kind.valueOf(Rows.text(row[0]))),
                        Rows.text(row[1]),
                        Rows.text(row[2]),
                        Rows.instant(row[3]).orElseThrow()))
                .toList();
    }

    /**
     * Stops a kind, or everything. Idempotent; the last one who says so is remembered.
     *
     * @param accountId who says so
     */
    @Transactional
    public void pause(long accountId, Optional<TaskMessage.Kind> kind, String reason) {
        entities.createNativeQuery("REPLACE INTO task_pause (kind, account_id, reason, paused_at) VALUES (?, ?, ?, ?)")
                .setParameter(1, kind.map(Enum::name).orElse(ALL))
                .setParameter(2, accountId)
                .setParameter(3, String.valueOf(Task.cut(reason)))
                .setParameter(4, Rows.utc(clock.instant()))
                .executeUpdate();
    }

    /** Has a kind go on that was stopped by itself; without a kind, everything. Idempotent. */
    @Transactional
    public void resume(Optional<TaskMessage.Kind> kind) {
        entities.createNativeQuery("DELETE FROM task_pause WHERE ? OR kind = ?")
                .setParameter(1, kind.isEmpty())
                .setParameter(2, kind.map(Enum::name).orElse(ALL))
                .executeUpdate();
        tasksDue.fire(new TasksDue());
    }
}
