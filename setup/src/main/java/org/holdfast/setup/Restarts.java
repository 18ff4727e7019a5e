package org.holdfast.setup;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Starts what died again by itself, after pauses that grow while it does not stay up: nobody has to watch at night. What
 * somebody stopped, killed or started through the launcher in the meantime is left as it is. Thread-safe.
 */
final class Restarts implements Component.Listener {
    /** Soon enough for a single crash; a program that can't start is tried once a minute. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Far beyond a minute, and far from an overflow. */
    private static final int MOST_DOUBLINGS = 16;

    /** Who was up for so long before has not failed again, but anew. */
    private static final Duration STAYED_UP = Duration.ofMinutes(5);

    private final Progress progress;
    private final BiConsumer<Duration, Runnable> later;
    private final Duration first;
    private final Map<String, Tries> tries = new HashMap<>();

    private record Tries(int count, long lastReadyNanos) {}

    /**
     * Restarts that are told to somebody.
     *
     * @param later runs something after a pause, on a thread that may wait for a start
     * @param first pause; each further one is twice as long, up to a minute
     */
    Restarts(Progress progress, BiConsumer<Duration, Runnable> later, Duration first) {
        this.progress = progress;
        this.later = later;
        this.first = first;
    }

    @Override
    public void slow(String name, String what, Duration after, String why) {
        progress.slow(name, what, after, why);
    }

    @Override
    public void died(Component component, String how) {
        Duration pause = nextPause(component.name());
        progress.diedAndComesBack(component, how, pause);
        later.accept(pause, () -> start(component));
    }

    private void start(Component component) {
        if (component.state() != ComponentState.DIED) {
            return;
        }
        try {
            Duration took = component.start(true);
            wasReady(component.name());
            progress.ready(component, took);
        } catch (Refusal e) {
            if (component.state() == ComponentState.DIED) {
                Duration pause = nextPause(component.name());
                progress.say(e.sentence());
                progress.diedAndComesBack(component, "cannot be started", pause);
                later.accept(pause, () -> start(component));
            }
        }
    }

    private synchronized void wasReady(String name) {
        tries.computeIfPresent(name, (key, before) -> new Tries(before.count, System.nanoTime()));
    }

    private synchronized Duration nextPause(String name) {
        long now = System.nanoTime();
        Tries before = tries.getOrDefault(name, new Tries(0, now));
        int count = now - before.lastReadyNanos > STAYED_UP.toNanos() ? 0 : before.count;
        tries.put(name, new Tries(count + 1, now));
        Duration pause = first.multipliedBy(1L << Math.min(count, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
}
