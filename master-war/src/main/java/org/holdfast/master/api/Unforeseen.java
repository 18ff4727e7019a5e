package org.holdfast.master.api;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Problem;
import org.holdfast.master.database.SqlFailure;

/** What is answered to a request at which something broke that no use case had a word for. */
final class Unforeseen {
    private static final Logger LOG = Logger.getLogger(Unforeseen.class.getName());
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration WHEN_THERE_MAY_BE_ROOM = Duration.ofSeconds(30);

    private Unforeseen() {}

    /**
     * Logs the failure and says what the client may know of it: 503 when the database is away or full, or others were in
     * the way for too long, otherwise a defect.
     *
     * @param where the request, for the log
     */
    static Problem problem(String where, Throwable failure) {
        if (SqlFailure.AWAY.explains(failure)) {
            return later(
                    where,
                    failure,
                    "unavailable",
                    "The catalog's database does not answer; try again in a moment.",
                    SOON);
        }
        if (SqlFailure.FULL.explains(failure)) {
            return later(
                    where,
                    failure,
                    "catalog-full",
                    "The disk of the catalog's database is full: what is there can be read, and nothing can be changed.",
                    WHEN_THERE_MAY_BE_ROOM);
        }
        if (SqlFailure.LOST.explains(failure) && !SqlFailure.HOPELESS.explains(failure)) {
            return later(where, failure, "busy", "Others were changing the same at that moment; try again.", SOON);
        }
        LOG.log(Level.SEVERE, "defect at " + where, failure);
        return Problem.bug();
    }

    /**
     * Logs what a use case refused for a reason that is not the client's: what passes by itself in one line, for it may
     * happen a hundred times a second, and everything else with its trace.
     */
    static void log(String where, HoldfastException refusal) {
        switch (refusal.kind()) {
            case UNAVAILABLE, FULL -> LOG.info(() -> where + " is refused for now, " + said(refusal));
            default -> LOG.log(Level.INFO, refusal, () -> where + ": " + refusal.code());
        }
    }

    private static String said(HoldfastException refusal) {
        Throwable cause = refusal.getCause();
        return refusal.code() + ": " + refusal.sentence() + (cause == null ? "" : " " + innermost(cause));
    }

    private static Problem later(String where, Throwable failure, String code, String sentence, Duration wait) {
        LOG.log(Level.WARNING, () -> where + " is refused for now, " + code + ": " + innermost(failure));
        return Problem.of(HoldfastException.comeBack(code, sentence, wait));
    }

    private static Throwable innermost(Throwable failure) {
        return SqlFailure.causes(failure).reduce((outer, inner) -> inner).orElse(failure);
    }
}
