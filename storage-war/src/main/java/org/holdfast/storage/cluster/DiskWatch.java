package org.holdfast.storage.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.holdfast.contract.HoldfastException;
import org.holdfast.storage.store.BlobStore;
import org.jspecify.annotations.Nullable;

/**
 * Whether the disk still takes and returns bytes. A slow beat calls {@link #look}; whoever asks gets the last result,
 * so that a disk that hangs never hangs a health check. A result that grows old is itself a bad one.
 */
public final class DiskWatch {
    /** Time between two looks. */
    public static final Duration BEAT = Duration.ofSeconds(10);

    private static final Duration TOO_OLD = BEAT.multipliedBy(3);

    private final BlobStore store;
    private final Clock clock;
    private volatile Instant lookedAt;
    private volatile @Nullable String complaint;

    public DiskWatch(BlobStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.lookedAt = clock.instant();
    }

    /** Writes and reads back a few bytes. Blocks as long as the disk does. */
    public void look() {
        String found = null;
        try {
            store.probe();
        } catch (HoldfastException e) {
            found = e.sentence();
        }
        complaint = found;
        lookedAt = clock.instant();
    }

    /** How long ago the last look ended. */
    public long lookedMillisAgo() {
        return Duration.between(lookedAt, clock.instant()).toMillis();
    }

    /** What is wrong, or the empty text. */
    public String complaint() {
        String found = complaint;
        if (found != null) {
            return found;
        }
        Duration age = Duration.between(lookedAt, clock.instant());
        return age.compareTo(TOO_OLD) > 0 ? "The disk has not answered for " + age.toSeconds() + " s." : "";
    }
}
