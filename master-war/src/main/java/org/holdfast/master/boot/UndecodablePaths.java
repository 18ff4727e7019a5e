package org.holdfast.master.boot;

import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Turns requests whose path cannot be decoded ({@code 100%.txt}, not encoded) into errors.
 *
 * <p>The decoder of Grizzly 4.0.2 throws unexpected kinds of exception at a stray {@code %}; the container of Payara
 * 6.2025.10 catches it, logs it, and answers 200 with nothing done: who puts a file believes that it is stored. The log
 * record is the only place where code of ours can step in before {@link org.holdfast.contract.UnreadablePaths}, which the
 * first good request brings; what is thrown here goes on to the caller, who answers 500.
 */
final class UndecodablePaths {
    /** Held, since the log manager holds loggers weakly. */
    private static final Logger CONTAINER = Logger.getLogger("jakarta.enterprise.web.core");

    private static final String DECODER = "org.glassfish.grizzly.http.util.URLDecoder";

    private UndecodablePaths() {}

    /** From now on they are refused. */
    static void refuse() {
        CONTAINER.setFilter(UndecodablePaths::passOn);
    }

    private static boolean passOn(LogRecord told) {
        if (told.getThrown() instanceof RuntimeException failure
                && failure.getStackTrace().length > 0
                && failure.getStackTrace()[0].getClassName().equals(DECODER)) {
            throw failure;
        }
        return true;
    }
}
