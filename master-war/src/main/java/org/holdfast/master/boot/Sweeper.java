package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.database.Contention;
import org.holdfast.master.replication.Sweep;

/** Runs the sweep at the leading master. */
@ApplicationScoped
public class Sweeper {
    private static final Duration EVERY = Duration.ofSeconds(2);

    @Inject
    Leadership leadership;

    @Inject
    Sweep sweep;

    Loop loop() {
        return new Loop("sweeper", EVERY, this::step);
    }

    private void step() {
        if (!leadership.isLeader()) {
            return;
        }
        var unused = Contention.retry(sweep::resendSilent)
                + Contention.retry(sweep::adoptOrphans)
                + Contention.retry(sweep::trimHistory);
    }
}
