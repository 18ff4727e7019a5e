package org.holdfast.master.account;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as mails tell them, to the minute: {@code 2026-03-04 12:00 UTC}. */
final class Minutes {
    private Minutes() {}

    static String text(Instant at) {
        return at.truncatedTo(ChronoUnit.MINUTES).toString().replace("T", " ").replace(":00Z", " UTC");
    }
}
