package org.holdfast.contract;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;

/**
 * What everybody who connects has to keep to, also who has not signed in.
 *
 * @param bodyDeadline {@value #BODY_SETTING}: how long a body that is no upload may take to come, in all (default: 10 s)
 * @param perAddress {@value #ADDRESS_SETTING}: how many connections one {@link ClientNetwork} may have open (default:
 *     768)
 */
public record ConnectionConfig(Duration bodyDeadline, int perAddress) {
    public static final String BODY_SETTING = "holdfast.body.deadline";

    public static final String ADDRESS_SETTING = "holdfast.connections.per-address";

    /**
     * Such a body has a few KB, at most 1 MiB, and a line of 1 Mbit/s takes 8 s for that. A whole office behind one address
     * needs some six connections for each browser. It is less than the threads that answer, which are 1,024.
     */
    public static final ConnectionConfig DEFAULT = new ConnectionConfig(Duration.ofSeconds(10), 768);

    private static final String SENTENCE = "The setting " + BODY_SETTING + " takes a duration such as PT10S, and "
            + ADDRESS_SETTING + " a number from 1.";

    public ConnectionConfig {
        if (bodyDeadline.isNegative() || bodyDeadline.isZero() || perAddress < 1) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", SENTENCE);
        }
    }

    /**
     * From settings of masters and nodes, with the same names at both.
     *
     * @throws HoldfastException INVALID {@code invalid-parameter} for what is no number or no duration (ISO 8601)
     */
    public static ConnectionConfig of(Function<String, Optional<String>> settings) {
        try {
            return new ConnectionConfig(
                    settings.apply(BODY_SETTING).map(Duration::parse).orElse(DEFAULT.bodyDeadline),
                    settings.apply(ADDRESS_SETTING).map(Integer::parseInt).orElse(DEFAULT.perAddress));
        } catch (NumberFormatException | DateTimeParseException e) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", SENTENCE, e);
        }
    }
}
