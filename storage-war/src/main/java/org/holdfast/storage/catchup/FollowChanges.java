package org.holdfast.storage.catchup;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.CaughtUp;
import org.holdfast.contract.ChangePage;
import org.holdfast.contract.HoldfastException;
import org.holdfast.storage.cluster.Undecided;
import org.holdfast.storage.store.BlobStore;

/**
 * Applies the changes that this node has not applied yet, in their order. What a node has to do for a change is little:
 * bytes that lost their name go by a delete task; only when that should have happened already, since the node was away
 * meanwhile, they are put into quarantine here, before anybody could be served them.
 */
public final class FollowChanges {
    private static final Logger LOG = System.getLogger(FollowChanges.class.getName());

    /** Changes asked for at once: 200 KB of answer. */
    static final int PAGE = 1000;

    private final ChangeSource source;
    private final BlobStore store;
    private final Undecided undecided;
    private final AppliedSeq applied;
    private volatile long head;
    private volatile boolean mustReconcile;

    public FollowChanges(ChangeSource source, BlobStore store, Undecided undecided, AppliedSeq applied) {
        this.source = source;
        this.store = store;
        this.undecided = undecided;
        this.applied = applied;
    }

    /** A master has told the number of the last change there is. Returns at once. */
    public void hear(long headSeq) {
        head = Math.max(head, headSeq);
    }

    /** The last change that this node has applied. */
    public long appliedSeq() {
        return applied.get();
    }

    /** Goes after what {@link #hear} was told, where there is something; makes durable what was reached. For a beat. */
    public void beat() {
        if (head > applied.get() && !mustReconcile) {
            var unused = catchUp(head);
        }
        applied.save();
    }

    /**
     * Applies changes until this one, or until nobody answers. Safe at any time; the second caller waits for the first.
     *
     * @return how far it got
     */
    public synchronized CaughtUp catchUp(long until) {
        boolean goesOn = true;
        boolean asked = false;
        while (goesOn && (!asked || applied.get() < until)) {
            ChangeSource.Reply reply = source.after(applied.get(), PAGE);
            asked = true;
            mustReconcile = reply.isTrimmed();
            Optional<ChangePage> page = reply.page();
            goesOn = page.isPresent() && !page.get().changes().isEmpty() && applyAll(page.get());
        }
        applied.save();
        return new CaughtUp(applied.get(), mustReconcile);
    }

    /** A master has compared everything that lies here with the catalog of this moment: go on from there. */
    public synchronized CaughtUp reconciled(long seq) {
        applied.set(seq);
        applied.save();
        mustReconcile = false;
        head = seq;
        return new CaughtUp(seq, false);
    }

    /** Whether all were applied; the rest waits for the next time. */
    private boolean applyAll(ChangePage page) {
        for (ChangePage.Change change : page.changes()) {
            if (change.seq() != applied.get() + 1) {
                LOG.log(Level.WARNING, "change {0} follows {1}: some are missing", change.seq(), applied.get());
                return false;
            }
            try {
                apply(change);
            } catch (HoldfastException e) {
                LOG.log(Level.WARNING, "change " + change.seq() + " could not be applied; it will be tried again", e);
                return false;
            }
            applied.set(change.seq());
        }
        return true;
    }

    private void apply(ChangePage.Change change) {
        if (change.overdue() && change.dropped().isPresent()) {
            BlobId stale = change.dropped().get();
            String reason = "While this node was away, change " + change.seq() + " of " + change.changedAt() + " ("
                    + change.kind() + " " + change.path() + ") took its name away.";
            var unused = undecided.alone(stale, () -> store.quarantine(stale, reason));
        }
    }
}
