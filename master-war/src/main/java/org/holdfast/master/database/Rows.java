package org.holdfast.master.database;

import jakarta.persistence.Query;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Typed access to the rows of native queries. Times in the database are UTC without a zone. */
public final class Rows {
    /**
     * How many rows one statement of a question about all of them reads: a tenth of a second from memory; from a slow disk,
     * some tens of them still end before the connections' time-out.
     */
    public static final int AT_ONCE = 20_000;

    private Rows() {}

    /** The rows of a query that selects at least two columns. */
    public static List<@Nullable Object[]> of(Query query) {
        return ((List<?>) query.getResultList())
                .stream().map(row -> (@Nullable Object[]) row).toList();
    }

    /** As many question marks as there are values: the inside of {@code IN (…)}. */
    public static String marks(int count) {
        return String.join(", ", java.util.Collections.nCopies(count, "?"));
    }

    /** Sets the parameters from {@code first} on to these values. */
    public static Query fill(Query query, int first, Iterable<?> values) {
        int next = first;
        for (Object value : values) {
            query.setParameter(next, value);
            next++;
        }
        return query;
    }

    /** The only row of a query of at least two columns. */
    public static Optional<@Nullable Object[]> first(Query query) {
        return of(query.setMaxResults(1)).stream().findFirst();
    }

    /** The values of a query of exactly one numeric column. */
    public static List<Long> longs(Query query) {
        return ((List<?>) query.getResultList()).stream().map(Rows::number).toList();
    }

    /** The values of a query of exactly one text column. */
    public static List<String> texts(Query query) {
        return ((List<?>) query.getResultList()).stream().map(Rows::text).toList();
    }

    public static long number(@Nullable Object column) {
        if (column instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("expected a number, not " + column);
    }

    public static String text(@Nullable Object column) {
        return String.valueOf(column);
    }

    public static @Nullable String textOrNull(@Nullable Object column) {
        return column == null ? null : column.toString();
    }

    /** An instant of a DATETIME column; empty for NULL. */
    public static Optional<Instant> instant(@Nullable Object column) {
        if (column instanceof Timestamp timestamp) {
            return Optional.of(timestamp.toLocalDateTime().toInstant(ZoneOffset.UTC));
        }
        if (column instanceof LocalDateTime local) {
            return Optional.of(local.toInstant(ZoneOffset.UTC));
        }
        return Optional.empty();
    }

    /** For a DATETIME parameter of a native query. */
    public static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
