package org.holdfast.master.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** Shows the audit log, newest first. */
@ApplicationScoped
public class ListAudit {
    @PersistenceContext
    EntityManager entities;

    /** A stored record; the id grows with time. */
    public record Stored(long id, AuditRecord record) {}

    /** What came of the requests that are looked for. */
    public enum Outcome {
        /** Below 400. */
        OK(0, 399),
        /** By whom it was asked, or by what was asked: 4xx. */
        REFUSED(400, 499),
        /** By the cluster: 5xx. */
        FAILED(500, 999);

        private final int first;
        private final int last;

        Outcome(int first, int last) {
            this.first = first;
            this.last = last;
        }
    }

    /**
     * Which records are looked for; what is empty does not matter.
     *
     * @param span when
     * @param actor name of an account
     * @param action as {@code files.get}; with an asterisk at its end all that begin so
     * @param object what the object begins with
     * @param component name of a master or node
     * @param answer status or outcome
     */
    public record Filter(
            Span span,
            Optional<String> actor,
            Optional<String> action,
            Optional<String> object,
            Optional<String> component,
            Answer answer) {}

    /** From this time on, and before that one. */
    public record Span(Optional<Instant> since, Optional<Instant> until) {}

    /** What was answered. */
    public record Answer(Optional<Integer> status, Optional<Outcome> outcome) {}

    /**
     * A page of records, the newest first.
     *
     * @param before only those with a smaller id
     */
    @Transactional
    public List<Stored> page(Filter filter, Optional<Long> before, int limit) {
        var where = new Conditions();
        before.ifPresent(id -> where.add("id < ?", id));
        filter.span.since.ifPresent(at -> where.add("at >= ?", Rows.utc(at)));
        filter.span.until.ifPresent(at -> where.add("at < ?", Rows.utc(at)));
        filter.actor.ifPresent(actor -> where.add("actor = ?", actor));
        filter.action.ifPresent(action -> {
            if (action.endsWith("*")) {
                where.add("action LIKE ?", beginning(action.substring(0, action.length() - 1)));
            } else {
                where.add("action = ?", action);
            }
        });
        filter.object.ifPresent(object -> where.add("object LIKE ?", beginning(object)));
        filter.component.ifPresent(component -> where.add("component = ?", component));
        filter.answer.status.ifPresent(status -> where.add("status = ?", status));
        filter.answer.outcome.ifPresent(outcome -> {
            where.add("status >= ?", outcome.first);
            where.add("status <= ?", outcome.last);
        });
        Query query = entities.createNativeQuery("SELECT id, record, at, component, account_id, actor, via, address,"
                + " action, object, detail, status, code, bytes, millis FROM audit_log" + where.text()
                + " ORDER BY id DESC");
        return Rows.of(Rows.fill(query, 1, where.values).setMaxResults(limit)).stream()
                .map(ListAudit::stored)
                .toList();
    }

    /** A pattern for whatever begins with this text; the backslash is MariaDB's own mark of a character as such. */
    private static String beginning(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    private static Stored stored(@Nullable Object[] row) {
        return new Stored(
                Rows.number(row[0]),
                new AuditRecord(
                        Rows.text(row[1]),
                        Rows.instant(row[2]).orElseThrow(),
                        Rows.text(row[3]),
                        new AuditRecord.Who(
                                number(row[4]),
                                Rows.text(row[5]),
                                AuditRecord.Via.valueOf(Rows.text(row[6])),
                                Rows.text(row[7])),
                        new AuditRecord.What(
                                Rows.text(row[8]), Rows.text(row[9]), Optional.ofNullable(Rows.textOrNull(row[10]))),
                        new AuditRecord.Result(
                                (int) Rows.number(row[11]),
                                Optional.ofNullable(Rows.textOrNull(row[12])),
                                number(row[13]),
                                Duration.ofMillis(Rows.number(row[14])))));
    }

    private static Optional<Long> number(@Nullable Object column) {
        return column == null ? Optional.empty() : Optional.of(Rows.number(column));
    }

    /** What follows WHERE. */
    private static final class Conditions {
        private final List<String> parts = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        void add(String condition, Object value) {
            parts.add(condition);
            values.add(value);
        }

        String text() {
            return parts.isEmpty() ? "" : " WHERE " + String.join(" AND ", parts);
        }
    }
}
