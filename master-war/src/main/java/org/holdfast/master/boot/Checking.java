package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.holdfast.master.catalog.LockTransfers;
import org.holdfast.master.catalog.NumberChanges;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.database.Contention;
import org.holdfast.master.verification.CheckRecords;
import org.holdfast.master.verification.Scrub;
import org.holdfast.master.verification.ScrubOnDemand;

/** The beats for the change log, for locks and for checks of copies; all but that for locks are the leader's. */
@ApplicationScoped
public class Checking {
    private static final Duration NUMBER_EVERY = Duration.ofMillis(200);
    private static final Duration SCRUB_EVERY = Duration.ofSeconds(1);
    private static final Duration TRIM_EVERY = Duration.ofSeconds(10);
    private static final Duration TRIM_LOCKS_EVERY = Duration.ofMinutes(1);

    @Inject
    Leadership leadership;

    @Inject
    NumberChanges numbers;

    @Inject
    LockTransfers locks;

    @Inject
    Scrub scrub;

    @Inject
    ScrubOnDemand onDemand;

    @Inject
    CheckRecords records;

    List<Loop> loops() {
        return List.of(
                new Loop("numbering of changes", NUMBER_EVERY, this::number),
                new Loop("scrub", SCRUB_EVERY, this::scrub),
                new Loop("trimming of changes and checks", TRIM_EVERY, this::trim),
                new Loop("trimming of locks", TRIM_LOCKS_EVERY, this::trimLocks));
    }

    private void trimLocks() {
        boolean more = true;
        while (more) {
            more = Contention.retry(locks::trim);
        }
    }

    private void number() {
        boolean more = leadership.isLeader();
        while (more) {
            more = numbers.number();
        }
    }

    private void scrub() {
        scrub.beat();
        onDemand.beat();
    }

    private void trim() {
        boolean more = leadership.isLeader();
        while (more) {
            more = numbers.trim() + records.trim() > 0;
        }
    }
}
