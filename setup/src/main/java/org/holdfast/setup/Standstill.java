package org.holdfast.setup;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * For how long a process has made no progress: nothing new in its log and next to no CPU time. It takes both: a program
 * that boots may compute for a minute without a word, and one that waits for a slow disk writes without computing.
 */
final class Standstill {
    /**
     * Less CPU time than this is no progress, in percent of one core over the patience. Measured on two cores: a storage
     * node that no master lets in and that is asked for its health each second takes 1.6 to 2 % once it is warm; one that
     * boots at a load of 30, where a master takes 170 s to be ready, gets 9 %.
     */
    private static final int IDLE_PERCENT = 3;

    private final LongSupplier nanoTime;
    private final Supplier<Duration> cpuTime;
    private final Supplier<List<String>> newLines;
    private final Duration leastCpu;
    /** Who tries the same again and again writes the same again and again. Their hash codes take less room. */
    private final Set<Integer> known = new HashSet<>();

    private long sinceNanos;
    private Duration sinceCpu;

    /**
     * Begins to watch.
     *
     * @param nanoTime as {@link System#nanoTime}
     * @param cpuTime what the process has used up to now
     * @param newLines what it has written since this was last asked, without times
     * @param patience over which time its CPU time counts
     */
    Standstill(LongSupplier nanoTime, Supplier<Duration> cpuTime, Supplier<List<String>> newLines, Duration patience) {
        this.nanoTime = nanoTime;
        this.cpuTime = cpuTime;
        this.newLines = newLines;
        leastCpu = patience.multipliedBy(IDLE_PERCENT).dividedBy(100);
        sinceNanos = nanoTime.getAsLong();
        sinceCpu = cpuTime.get();
    }

    /** Of a process and what it has written from now on. Where its CPU time is not to be learnt, its log decides. */
    static Standstill of(ProcessHandle process, LogTail tail, Duration patience) {
        return new Standstill(
                System::nanoTime,
                () -> process.info().totalCpuDuration().orElse(Duration.ZERO),
                tail.reader()::newLines,
                patience);
    }

    /** Looks now. */
    Duration lasts() {
        boolean saysNew =
                newLines.get().stream().map(String::hashCode).filter(known::add).count() > 0;
        if (saysNew || cpuTime.get().minus(sinceCpu).compareTo(leastCpu) >= 0) {
            beginAnew();
        }
        return Duration.ofNanos(nanoTime.getAsLong() - sinceNanos);
    }

    /** As if there had been progress now. */
    void beginAnew() {
        sinceNanos = nanoTime.getAsLong();
        sinceCpu = cpuTime.get();
    }
}
