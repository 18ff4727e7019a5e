package org.holdfast.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Ends a property with the tag {@code fuzz} when its time is over, whatever its number of tries, and fails it when a single
 * try takes a second of a core: a stranger could ask for that again and again.
 *
 * <p>{@code holdfast.fuzz.minutes} is about how long all such properties search together.
 */
public final class SearchForAWhile implements AroundTryHook {
    private static final String DEFAULT_MINUTES = "10";
    /** There are less than ten properties. */
    private static final int SHARES = 10;

    private static final Duration TOO_LONG = Duration.ofSeconds(1);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<Method, Long> deadlinesNanos = new ConcurrentHashMap<>();

    /** How long one property searches. */
    static Duration share() {
        double minutes = Double.parseDouble(System.getProperty("holdfast.fuzz.minutes", DEFAULT_MINUTES));
        return Duration.ofMillis(Math.round(minutes * 60_000 / SHARES));
    }

    @Override
    public boolean appliesTo(Optional<AnnotatedElement> element) {
        return AnnotationSupport.findRepeatableAnnotations(element, Tag.class).stream()
                .anyMatch(tag -> tag.value().equals("fuzz"));
    }

    /** It is found at the root of all tests. */
    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    @Override
    public TryExecutionResult aroundTry(TryLifecycleContext context, TryExecutor aTry, List<Object> parameters) {
        long deadline =
                deadlinesNanos.computeIfAbsent(context.targetMethod(), method -> System.nanoTime() + share().toNanos());
        long cpuBefore = THREADS.getCurrentThreadCpuTime();
        TryExecutionResult result = aTry.execute(parameters);
        Duration took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - cpuBefore);
        if (!result.isSatisfied()) {
            return result;
        }
        if (took.compareTo(TOO_LONG) > 0) {
            return TryExecutionResult.falsified(new AssertionError("it took " + took));
        }
        return TryExecutionResult.satisfied(System.nanoTime() > deadline);
    }
}
