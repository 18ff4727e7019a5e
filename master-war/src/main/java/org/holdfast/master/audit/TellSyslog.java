package org.holdfast.master.audit;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ThreadFactory;
import org.holdfast.contract.AuditRecord;
import org.holdfast.syslog.SyslogConfig;
import org.holdfast.syslog.SyslogSender;
import org.jspecify.annotations.Nullable;

/** Tells the syslog receiver, where there is one. */
@ApplicationScoped
public class TellSyslog {
    private volatile @Nullable SyslogSender sender;

    /** From now on this receiver is told. */
    public void start(SyslogConfig config, ThreadFactory threads) {
        sender = SyslogSender.of(config).start(threads);
    }

    void offer(AuditRecord record) {
        SyslogSender told = sender;
        if (told != null) {
            told.offer(record);
        }
    }

    /** Records that the receiver was not told, since it was away for too long. */
    public long dropped() {
        SyslogSender told = sender;
        return told == null ? 0 : told.dropped();
    }

    /** Ends the telling. */
    @PreDestroy
    public void stop() {
        SyslogSender told = sender;
        sender = null;
        if (told != null) {
            told.close();
        }
    }
}
