package org.holdfast.contract;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;

/**
 * How fast the sender of a body, or the reader of one, has to be, at the least.
 *
 * @param bytesPerSecond {@value #BYTES_SETTING}, of readers {@value #READERS_BYTES_SETTING}: 0 for any rate
 * @param window {@value #WINDOW_SETTING}, of readers {@value #READERS_WINDOW_SETTING}: how much waiting for the other side
 *     the rate is taken over; less is not judged
 */
public record LeastRate(long bytesPerSecond, Duration window) {
    public static final String BYTES_SETTING = "holdfast.upload.slowest-bytes-per-second";

    public static final String WINDOW_SETTING = "holdfast.upload.slowest-window";

    public static final String READERS_BYTES_SETTING = "holdfast.download.slowest-bytes-per-second";

    public static final String READERS_WINDOW_SETTING = "holdfast.download.slowest-window";

    /** A line of 8 kbit/s keeps it. A minute bears the pauses of a phone that changes its network. */
    public static final LeastRate DEFAULT = new LeastRate(1024, Duration.ofMinutes(1));

    /** Any rate. */
    public static final LeastRate NONE = new LeastRate(0, DEFAULT.window);

    private static final String SENTENCE = "The settings " + BYTES_SETTING + " and " + WINDOW_SETTING
            + ", and those of holdfast.download, take a number from 0 and a duration such as PT1M.";

    public LeastRate {
        if (bytesPerSecond < 0 || window.isNegative() || window.isZero()) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", SENTENCE);
        }
    }

    /**
     * How long one write waits for a reader that takes nothing: twice the window, for the kernel takes bytes in lumps, some
     * hundred KiB after a time in which it took none.
     */
    public Duration patience() {
        return window.multipliedBy(2);
    }

    /** As {@link #of}, for the readers of what is sent. */
    public static LeastRate ofReaders(Function<String, Optional<String>> settings) {
        return read(settings.apply(READERS_BYTES_SETTING), settings.apply(READERS_WINDOW_SETTING));
    }

    /**
     * For senders, from settings of masters and nodes, with the same names at both.
     *
     * @throws HoldfastException INVALID {@code invalid-parameter} for what is no number or no duration (ISO 8601)
     */
    public static LeastRate of(Function<String, Optional<String>> settings) {
        return read(settings.apply(BYTES_SETTING), settings.apply(WINDOW_SETTING));
    }

    private static LeastRate read(Optional<String> bytesPerSecond, Optional<String> window) {
        try {
            return new LeastRate(
                    bytesPerSecond.map(Long::parseLong).orElse(DEFAULT.bytesPerSecond),
                    window.map(Duration::parse).orElse(DEFAULT.window));
        } catch (NumberFormatException | DateTimeParseException e) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", SENTENCE, e);
        }
    }
}
