package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeReturned;
import org.holdfast.master.database.Contention;
import org.holdfast.master.replication.Sweep;

/** Runs the sweep: the cheap looks every round, and one page of the walk through all blobs. */
@ApplicationScoped
public class Sweeper {
    private static final Duration EVERY = Duration.ofSeconds(2);
    private volatile String position = "";

    @Inject
    Sweep sweep;

    @Inject
    Leadership leadership;

    Loop loop() {
        return new Loop("sweeper", EVERY, this::step);
    }

    /** A node more may take copies that had no place: the walk starts over. */
    public void onReturn(@Observes NodeReturned node) {
        position = "";
    }

    private void step() {
        var unused = Contention.retry(sweep::resendSilent) + Contention.retry(sweep::adoptOrphans);
        String from = position;
        String next = Contention.retry(() -> sweep.planMissing(from));
        if (position.equals(from)) {
            position = next;
        }
        if (leadership.isLeader()) {
            unused = Contention.retry(sweep::trimHistory);
        }
    }
}
