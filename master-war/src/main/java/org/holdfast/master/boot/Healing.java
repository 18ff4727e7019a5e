package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.database.Contention;
import org.holdfast.master.replication.MendCopies;
import org.holdfast.master.replication.MoveCopies;
import org.holdfast.master.replication.WalkCopies;
import org.holdfast.master.replication.Walks;

/** Runs the walks at the leading master: a page of each that is due, in turn, without a pause while there are any. */
@ApplicationScoped
public class Healing {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Logger LOG = Logger.getLogger(Healing.class.getName());

    @Inject
    Leadership leadership;

    @Inject
    Walks walks;

    @Inject
    WalkCopies walkCopies;

    @Inject
    MendCopies mendCopies;

    @Inject
    MoveCopies moveCopies;

    Loop loop() {
        return new Loop("healing", EVERY, this::step);
    }

    private void step() throws InterruptedException {
        if (leadership.isLeader()) {
            Contention.retryRun(moveCopies::step);
        }
        List<Walks.Due> due = due();
        while (!due.isEmpty()) {
            for (Walks.Due walk : due) {
                page(walk);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            due = due();
        }
    }

    private List<Walks.Due> due() {
        return leadership.isLeader() ? Contention.retry(walks::due) : List.of();
    }

    private void page(Walks.Due walk) {
        try {
            Contention.retryRun(() -> walkCopies.step(walk));
        } catch (HoldfastException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "a page of " + walk + " failed; its files are looked at one by one");
            Contention.retry(() -> walkCopies.next(walk)).forEach(this::mend);
            Contention.retryRun(() -> walkCopies.pass(walk));
        }
    }

    /** One bad file must not keep the others from being mended. */
    private void mend(String blobId) {
        try {
            var unused = Contention.retry(() -> mendCopies.mend(List.of(blobId)));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "the copies of blob " + blobId + " can't be mended");
        }
    }
}
