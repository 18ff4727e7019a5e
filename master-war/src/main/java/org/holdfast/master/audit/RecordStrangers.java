package org.holdfast.master.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.RefusedStrangers;
import org.jspecify.annotations.Nullable;

/** Records what strangers were refused, within bounds: they fill neither the table nor the room of others' records. */
@ApplicationScoped
public class RecordStrangers {
    /** How often to call {@link #tell}. */
    public static final Duration EVERY = Duration.ofSeconds(1);

    @Inject
    AuditTrail trail;

    @Inject
    AuditConfig config;

    @Inject
    Clock clock;

    private @Nullable RefusedStrangers strangers;

    private synchronized RefusedStrangers strangers() {
        RefusedStrangers made = strangers;
        if (made == null) {
            made = new RefusedStrangers(config.refused(), clock);
            strangers = made;
        }
        return made;
    }

    /** Takes the record of a stranger, or counts it; nobody waits for it. */
    public void add(AuditRecord record) {
        strangers().admit(record).ifPresent(admitted -> {
            if (trail.isHalfEmpty()) {
                trail.add(admitted);
            } else {
                strangers().count(admitted);
            }
        });
    }

    /** Records how many were only counted, once their minute is over and there is room. */
    public void tell() {
        if (trail.isHalfEmpty()) {
            strangers().counted().forEach(trail::add);
        }
    }
}
