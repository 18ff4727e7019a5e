package org.holdfast.systemtests;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * How long tests wait for what they expect. Other work on the machine may slow everything down several times: what has to
 * come gets {@link #SOON}, and what was promised in seconds gets those on a machine that has the time.
 */
final class Patience {
    /** Nothing is wrong with what comes as late as this; what does not come by then does not come. */
    static final Duration SOON = Duration.ofMinutes(3);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Enough for the scheduler to give other work its turns. */
    private static final Duration PROBE = Duration.ofMillis(150);

    /** Time that work of one thread takes, by its time on a core, from which on the machine is busy with other things. */
    private static final double BUSY = 1.5;

    private Patience() {}

    /** The promised time, or {@link #SOON} on a machine that is too busy for promises in seconds. */
    static Duration promised(Duration promise) {
        return slowness() < BUSY ? promise : SOON;
    }

    private static double slowness() {
        long began = System.nanoTime();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long worked = 0;
        while (worked < PROBE.toNanos()) {
            worked = THREADS.getCurrentThreadCpuTime() - cpu;
        }
        return (double) (System.nanoTime() - began) / worked;
    }
}
