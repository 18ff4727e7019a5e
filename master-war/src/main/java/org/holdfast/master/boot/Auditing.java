package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Logger;
import org.holdfast.master.audit.AuditLog;
import org.holdfast.master.audit.AuditTrail;
import org.holdfast.master.audit.RecordStrangers;
import org.holdfast.master.audit.TellSyslog;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.database.Contention;

/** Keeps the audit log going: one writer at each master, trimming by the leader, and the syslog receiver. */
@ApplicationScoped
public class Auditing {
    private static final Duration TRIM_EVERY = Duration.ofMinutes(1);

    /** A database that is there takes 10,000 records in a second or two. */
    private static final Duration LAST_WRITES = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(Auditing.class.getName());

    @Inject
    AuditTrail trail;

    @Inject
    AuditLog log;

    @Inject
    RecordStrangers strangers;

    @Inject
    TellSyslog syslog;

    @Inject
    MasterConfig config;

    @Inject
    Leadership leadership;

    private final Loop writer =
            new Loop("writer of the audit log", Duration.ZERO, () -> trail.store(), () -> trail.storeTheRest());

    List<Loop> loops() {
        return List.of(
                writer,
                new Loop("counting of refused strangers", RecordStrangers.EVERY, () -> strangers.tell()),
                new Loop("trimming of the audit log", TRIM_EVERY, this::trim));
    }

    void start(ThreadFactory threads) {
        config.syslog().ifPresent(receiver -> syslog.start(receiver, threads));
    }

    /** After the loops were stopped: gives the writer time, and keeps in the log what it could not store. */
    void end() {
        if (!writer.awaitEnd(LAST_WRITES)) {
            LOG.warning("the writer of the audit log has not ended in time");
        }
        trail.end();
    }

    private void trim() {
        boolean more = leadership.isLeader();
        while (more) {
            more = Contention.retry(log::trim) > 0;
        }
    }
}
