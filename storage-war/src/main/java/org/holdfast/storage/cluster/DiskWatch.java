package org.holdfast.storage.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.storage.store.BlobStore;
import org.jspecify.annotations.Nullable;

/**
 * Whether the disk still takes and returns bytes, and is still this node's. A slow beat calls {@link #look}; whoever
 * asks gets the last result, so that a disk that hangs never hangs who asks. A look that does not end is itself a fault.
 */
public final class DiskWatch {
    /** Time between two looks. */
    public static final Duration BEAT = Duration.ofSeconds(2);

    private final BlobStore store;
    private final Runnable identity;
    private final Duration patience;
    private final LongSupplier nanos;
    private volatile long lookedAt;
    private volatile boolean looking;
    private volatile long lookingSince;
    private volatile @Nullable String complaint;

    /**
     * A watch.
     *
     * @param identity fails when the data directory is not this node's any more, as when it was unmounted
     * @param patience how long a look may take; a disk under load takes seconds
     * @param nanos time since whenever; a clock that is set right must not look like a disk that hangs
     */
    public DiskWatch(BlobStore store, Runnable identity, Duration patience, LongSupplier nanos) {
        this.store = store;
        this.identity = identity;
        this.patience = patience;
        this.nanos = nanos;
        this.lookedAt = nanos.getAsLong();
    }

    /** Asks whose the directory is, writes a few bytes and reads them back. Blocks as long as the disk does. */
    public void look() {
        lookingSince = nanos.getAsLong();
        looking = true;
        String found = null;
        try {
            identity.run();
            store.probe();
        } catch (HoldfastException e) {
            // A full disk is none that fails: it can be read, and says itself that it takes nothing.
            found = e.kind() == FailureKind.FULL ? null : e.sentence();
        }
        complaint = found;
        lookedAt = nanos.getAsLong();
        looking = false;
    }

    /** How long ago the last look ended. */
    public long lookedMillisAgo() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - lookedAt);
    }

    /** What is wrong, or the empty text. Never waits for the disk. */
    public String complaint() {
        String found = complaint;
        if (found != null) {
            return found;
        }
        long answeredAt = looking ? lookingSince : lookedAt + BEAT.toNanos();
        Duration silence = Duration.ofNanos(nanos.getAsLong() - answeredAt);
        return silence.compareTo(patience) > 0 ? "The disk has not answered for " + silence.toSeconds() + " s." : "";
    }
}
