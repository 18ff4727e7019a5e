package org.holdfast.master.api;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Problem;
import org.holdfast.master.database.CatalogDisk;
import org.holdfast.master.database.SqlFailure;

/** What is logged of a request that this master can't serve, and what is answered where no use case had a word for it. */
final class Unforeseen {
    private static final Logger LOG = Logger.getLogger(Unforeseen.class.getName());
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final LogThrottle THROTTLE = new LogThrottle(System::nanoTime);

    private Unforeseen() {}

    /** Logs that a use case could not do what was asked for, and its cause; where in the code is told of defects only. */
    static void log(String where, HoldfastException failure) {
        if (failure.kind() == FailureKind.BUG) {
            LOG.log(Level.SEVERE, failure, () -> "defect at " + where);
        } else {
            THROTTLE.next(failure.code())
                    .ifPresent(more -> LOG.info(
                            () -> where + ": " + failure.code() + ": " + failure.sentence() + cause(failure) + more));
        }
    }

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
                    HoldfastException.comeBack(
                            "unavailable", "The catalog's database does not answer; try again in a moment.", SOON));
        }
        if (SqlFailure.FULL.explains(failure)) {
            return later(where, failure, CatalogDisk.full());
        }
        if (SqlFailure.LOST.explains(failure) && !SqlFailure.HOPELESS.explains(failure)) {
            return later(
                    where,
                    failure,
                    HoldfastException.comeBack(
                            "busy", "Others were changing the same at that moment; try again.", SOON));
        }
        LOG.log(Level.SEVERE, "defect at " + where, failure);
        return Problem.bug();
    }

    private static Problem later(String where, Throwable failure, HoldfastException answer) {
        THROTTLE.next("database " + answer.code())
                .ifPresent(more -> LOG.warning(
                        () -> where + " is refused for now, " + answer.code() + ": " + innermost(failure) + more));
        return Problem.of(answer);
    }

    private static String cause(HoldfastException failure) {
        return failure.getCause() == null ? "" : " (" + innermost(failure) + ")";
    }

    private static Throwable innermost(Throwable failure) {
        return SqlFailure.causes(failure).reduce((outer, inner) -> inner).orElse(failure);
    }
}
