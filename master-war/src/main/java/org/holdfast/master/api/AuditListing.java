package org.holdfast.master.api;

import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.master.audit.ListAudit;

/** How the audit log is asked for and shown. */
final class AuditListing {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 5_000;
    private static final int FIRST_STATUS = 100;
    private static final int LAST_STATUS = 599;
    private static final List<String> COLUMNS = List.of(
            "id",
            "at",
            "component",
            "actor",
            "via",
            "address",
            "action",
            "status",
            "code",
            "bytes",
            "millis",
            "detail",
            "object");

    private AuditListing() {}

    /**
     * The page that a query asks for.
     *
     * @param actor whose records; all when it is empty
     * @param earliest what was earlier is not shown, whatever the query says
     */
    static Listing page(ListAudit audit, Query query, Optional<String> actor, Optional<Instant> earliest, Clock clock) {
        Optional<Long> before = query.text("before").map(text -> query.number("before", 0, 0, Long.MAX_VALUE));
        int limit = (int) query.number("limit", DEFAULT_PAGE, 1, MAX_PAGE);
        List<ListAudit.Stored> records = audit.page(filter(query, actor, earliest, clock), before, limit);
        var envelope = JsonText.object();
        if (records.size() == limit) {
            envelope.add("next", records.get(limit - 1).id());
        } else {
            envelope.addNull("next");
        }
        return new Listing(
                envelope.build(),
                "records",
                COLUMNS,
                records.stream().map(AuditListing::row).toList());
    }

    private static ListAudit.Filter filter(
            Query query, Optional<String> actor, Optional<Instant> earliest, Clock clock) {
        Optional<Instant> since = Stream.of(instant(query, "since", clock), earliest)
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
        Optional<Integer> status =
                query.text("status").map(text -> (int) query.number("status", 0, FIRST_STATUS, LAST_STATUS));
        return new ListAudit.Filter(
                new ListAudit.Span(since, instant(query, "until", clock)),
                actor.or(() -> query.text("actor")),
                query.text("action"),
                query.text("object"),
                query.text("component"),
                new ListAudit.Answer(status, query.text("outcome").map(AuditListing::outcome)));
    }

    private static ListAudit.Outcome outcome(String word) {
        return switch (word) {
            case "ok" -> ListAudit.Outcome.OK;
            case "refused" -> ListAudit.Outcome.REFUSED;
            case "failed" -> ListAudit.Outcome.FAILED;
            default ->
                throw HoldfastException.of(
                        FailureKind.INVALID, "invalid-parameter", "The outcome is ok, refused or failed.");
        };
    }

    /** A time with its offset, a day (of UTC), or how long ago. */
    private static Optional<Instant> instant(Query query, String name, Clock clock) {
        return query.text(name).map(text -> {
            try {
                if (text.startsWith("P")) {
                    return clock.instant().minus(Duration.parse(text));
                }
                return text.contains("T")
                        ? OffsetDateTime.parse(text).toInstant()
                        : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            } catch (DateTimeException | ArithmeticException e) {
                throw HoldfastException.of(
                        FailureKind.INVALID,
                        "invalid-parameter",
                        "The parameter " + name
                                + " is a time such as 2026-03-01T12:00:00Z, a day such as 2026-03-01, or"
                                + " how long ago, as PT1H.",
                        e);
            }
        });
    }

    private static JsonObject row(ListAudit.Stored stored) {
        AuditRecord record = stored.record();
        var json = JsonText.object()
                .add("id", stored.id())
                .add("at", record.at().toString())
                .add("component", record.component())
                .add("actor", record.who().actor())
                .add("via", record.who().via().name().toLowerCase(Locale.ROOT))
                .add("address", record.who().address())
                .add("action", record.what().action())
                .add("object", record.what().object())
                .add("status", record.result().status())
                .add("millis", record.result().millis());
        record.what().detail().ifPresent(text -> json.add("detail", text));
        record.result().code().ifPresent(text -> json.add("code", text));
        record.result().bytes().ifPresent(bytes -> json.add("bytes", bytes));
        return json.build();
    }
}
