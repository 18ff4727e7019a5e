package org.holdfast.master.database;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import jakarta.resource.spi.ResourceAllocationException;
import jakarta.transaction.SystemException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a failure of the persistence means, as its causes tell. */
public enum SqlFailure {
    /** The transaction lost against another one; tried again, it may win. */
    LOST,
    /** It is the data's own: it will fail again, however often it is tried. */
    HOPELESS,
    /** The database does not answer, or has no connection to spare. */
    AWAY,
    /** The database has no room to write; it can still be read. */
    FULL;

    /** Duplicate key, record changed, lock wait time-out, deadlock. Source: MariaDB's list of error codes. */
    private static final Set<Integer> CODES_OF_LOSERS = Set.of(1062, 1020, 1205, 1213);
    /** Disk full, table full. Source: MariaDB's list of error codes. */
    private static final Set<Integer> CODES_OF_FULL = Set.of(1021, 1114);
    /** No space left on device, as the database passes it on from the system. Source: errno(3). */
    private static final Pattern NO_SPACE =
            Pattern.compile("No space left on device|\\berr(no|code|or):? 28\\b", CASE_INSENSITIVE);
    /** Data exception and constraint violation. Source: SQL's classes of states. */
    private static final String HOPELESS_STATES = "2[23].*";

    /** Whether {@code failure}, or one of its causes, means this. A failure may mean more than one thing. */
    public boolean explains(Throwable failure) {
        return causes(failure).anyMatch(this::isMeantBy);
    }

    /** The failure, its cause, the cause's cause and so on. */
    public static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, one -> one != null, Throwable::getCause);
    }

    private boolean isMeantBy(Throwable cause) {
        return switch (this) {
            case LOST -> cause instanceof SQLException sql && CODES_OF_LOSERS.contains(sql.getErrorCode());
            case HOPELESS ->
                cause instanceof SQLException sql
                        && String.valueOf(sql.getSQLState()).matches(HOPELESS_STATES);
            case FULL ->
                cause instanceof SQLException sql
                        && (CODES_OF_FULL.contains(sql.getErrorCode())
                                || NO_SPACE.matcher(String.valueOf(sql.getMessage()))
                                        .find());
            case AWAY ->
                cause instanceof SQLTransientConnectionException
                        || cause instanceof SQLNonTransientConnectionException
                        || cause instanceof SQLTimeoutException
                        || cause instanceof ResourceAllocationException
                        || cause instanceof SystemException;
        };
    }
}
