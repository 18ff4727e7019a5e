package org.holdfast.syslog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.Ulid;

/** Records for tests. */
final class Records {
    static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456Z");

    private Records() {}

    static AuditRecord of(String object) {
        return of(object, 200, Optional.empty());
    }

    static AuditRecord of(String object, int status, Optional<String> code) {
        return new AuditRecord(
                Ulid.next(Clock.systemUTC()),
                AT,
                "m1",
                new AuditRecord.Who(Optional.of(7L), "anna", AuditRecord.Via.SESSION, "192.0.2.7"),
                new AuditRecord.What("files.get", object),
                new AuditRecord.Result(status, code, Optional.of(12L), Duration.ofMillis(3)));
    }
}
