package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.holdfast.master.audit.AuditLog;
import org.holdfast.master.audit.AuditTrail;
import org.holdfast.master.audit.TellSyslog;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.database.Contention;

/** Keeps the audit log going: one writer at each master, trimming by the leader, and the syslog receiver. */
@ApplicationScoped
public class Auditing {
    private static final Duration TRIM_EVERY = Duration.ofMinutes(1);

    @Inject
    AuditTrail trail;

    @Inject
    AuditLog log;

    @Inject
    TellSyslog syslog;

    @Inject
    MasterConfig config;

    @Inject
    Leadership leadership;

    List<Loop> loops() {
        return List.of(
                new Loop("writer of the audit log", Duration.ZERO, trail::store, trail::storeTheRest),
                new Loop("trimming of the audit log", TRIM_EVERY, this::trim));
    }

    void start(ThreadFactory threads) {
        config.syslog().ifPresent(receiver -> syslog.start(receiver, threads));
    }

    private void trim() {
        boolean more = leadership.isLeader();
        while (more) {
            more = Contention.retry(log::trim) > 0;
        }
    }
}
