package org.holdfast.storage.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.RefusedStrangers;
import org.holdfast.contract.Ulid;
import org.holdfast.syslog.SyslogSender;

/** Takes the node's records: for a master, and for the syslog receiver where there is one. Never fails, never waits long. */
public final class NodeAudit {
    private final String component;
    private final AuditOutbox outbox;
    private final Optional<SyslogSender> syslog;
    private final Clock clock;
    private final RefusedStrangers strangers;

    public NodeAudit(
            String component,
            AuditOutbox outbox,
            Optional<SyslogSender> syslog,
            RefusedStrangers strangers,
            Clock clock) {
        this.component = component;
        this.outbox = outbox;
        this.syslog = syslog;
        this.clock = clock;
        this.strangers = strangers;
    }

    /** The time at which a request begins. */
    public Instant begin() {
        return clock.instant();
    }

    /**
     * Takes a record.
     *
     * @param answer what came of it, but for how long it took
     */
    public void add(Instant begun, AuditRecord.Who who, AuditRecord.What what, Answer answer) {
        keep(record(begun, who, what, answer));
    }

    /** As {@link #add}, for somebody whom nobody knows: what is too much of it is counted. */
    public void addStranger(Instant begun, AuditRecord.Who who, AuditRecord.What what, Answer answer) {
        AuditRecord record = record(begun, who, what, answer);
        strangers.admit(record).ifPresent(admitted -> {
            if (outbox.isHalfEmpty()) {
                keep(admitted);
            } else {
                strangers.count(admitted);
            }
        });
    }

    /** Records how many strangers were only counted, once their minute is over and there is room. To be called each second. */
    public void tellStrangers() {
        if (outbox.isHalfEmpty()) {
            strangers.counted().forEach(this::keep);
        }
    }

    private AuditRecord record(Instant begun, AuditRecord.Who who, AuditRecord.What what, Answer answer) {
        Instant now = clock.instant();
        var result = new AuditRecord.Result(answer.status, answer.code, answer.bytes, Duration.between(begun, now));
        return new AuditRecord(Ulid.next(clock), now, component, who, what, result);
    }

    private void keep(AuditRecord record) {
        outbox.add(record);
        syslog.ifPresent(receiver -> receiver.offer(record));
    }

    /** Status, code of the failure, and bytes of the file that went over the line. */
    public record Answer(int status, Optional<String> code, Optional<Long> bytes) {}

    /** Bytes of records that wait for a master. */
    public long waitingBytes() {
        return outbox.waitingBytes();
    }

    /** Records that are in the process's log only. */
    public long lost() {
        return outbox.lost();
    }

    /** Records that the syslog receiver was not told. */
    public long dropped() {
        return syslog.map(SyslogSender::dropped).orElse(0L);
    }
}
