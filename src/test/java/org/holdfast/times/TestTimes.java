package org.holdfast.times;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Adds each test class that ends to the table of the Maven run. JUnit finds it by {@code META-INF/services}; without the
 * system property {@code holdfast.times.run}, as in an IDE, it does nothing.
 */
public final class TestTimes implements TestExecutionListener {
    /** One look takes 3 to 5 ms of a core among 140 processes. A JVM that counts lives longer than two of these. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(400);
    /** The tier of a plain {@code mvn verify}. */
    private static final String FAST = "fast";

    private final @Nullable TimesFile file;
    private final String module;
    private final InstantSource clock;
    private final IntSupplier freshJvms;

    /** By the class's id in the plan, the one that began last at the end. */
    private final Map<String, Running> running = new LinkedHashMap<>();

    private int jvmsBetweenClasses;
    private @Nullable TestPlan plan;
    private @Nullable ScheduledExecutorService looking;

    /** For JUnit; asks the system properties that the parent's pom.xml gives to all tests. */
    public TestTimes() {
        this(fileOfThisRun(), moduleOfThisJvm(), Clock.systemUTC(), new StartedJvms()::look);
    }

    /**
     * @param file null when there is no table to add to
     * @param freshJvms how many were started since it was asked before
     */
    TestTimes(@Nullable TimesFile file, String module, InstantSource clock, IntSupplier freshJvms) {
        this.file = file;
        this.module = module;
        this.clock = clock;
        this.freshJvms = freshJvms;
    }

    private static @Nullable TimesFile fileOfThisRun() {
        String run = System.getProperty("holdfast.times.run");
        if (run == null) {
            return null;
        }
        String tier = System.getProperty("holdfast.tier", FAST);
        String name = tier.equals(FAST) ? "test-times" : "test-times-" + tier;
        return new TimesFile(checkout().resolve("target"), name, run);
    }

    /** Its folder, which Maven tells in {@code basedir}; a dot for the parent. */
    private static String moduleOfThisJvm() {
        Path folder = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        return folder.equals(checkout()) ? "." : String.valueOf(folder.getFileName());
    }

    private static Path checkout() {
        return Path.of(System.getProperty("holdfast.times.checkout", "")).toAbsolutePath();
    }

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan started) {
        if (file == null) {
            return;
        }
        plan = started;
        looking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "test-times");
            thread.setDaemon(true);
            return thread;
        });
        var unused = looking.scheduleWithFixedDelay(this::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan finished) {
        if (looking != null) {
            looking.shutdownNow();
            looking = null;
        }
        plan = null;
    }

    @Override
    public synchronized void executionStarted(TestIdentifier started) {
        if (isTopClass(started)) {
            running.put(started.getUniqueId(), new Running(clock.instant(), jvmsBetweenClasses));
            jvmsBetweenClasses = 0;
        }
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier skipped, String reason) {
        count(skipped);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier finished, TestExecutionResult result) {
        count(finished);
        Running ended = running.get(finished.getUniqueId());
        if (ended == null || file == null) {
            return;
        }
        look();
        running.remove(finished.getUniqueId());
        Duration time = Duration.between(ended.since, clock.instant());
        try {
            file.add(new TimesRow(className(finished).orElseThrow(), module, ended.tests, time, ended.jvms));
        } catch (IOException e) {
            throw new UncheckedIOException("The table of test times can't be written", e);
        }
    }

    private void count(TestIdentifier done) {
        if (!done.isTest()) {
            return;
        }
        for (Optional<TestIdentifier> at = Optional.of(done); at.isPresent(); at = parent(at.get())) {
            Running class_ = running.get(at.get().getUniqueId());
            if (class_ != null) {
                class_.tests++;
            }
        }
    }

    /** What runs side by side can't be told apart: a JVM counts for the class that began last. */
    private synchronized void look() {
        int fresh = freshJvms.getAsInt();
        Running last = null;
        for (Running class_ : running.values()) {
            last = class_;
        }
        if (last == null) {
            jvmsBetweenClasses += fresh;
        } else {
            last.jvms += fresh;
        }
    }

    private boolean isTopClass(TestIdentifier identifier) {
        return plan != null
                && className(identifier).isPresent()
                && parent(identifier).flatMap(TestTimes::className).isEmpty();
    }

    private Optional<TestIdentifier> parent(TestIdentifier identifier) {
        return plan == null ? Optional.empty() : plan.getParent(identifier);
    }

    private static Optional<String> className(TestIdentifier identifier) {
        return identifier
                .getSource()
                .filter(ClassSource.class::isInstance)
                .map(source -> ((ClassSource) source).getClassName());
    }

    /** A class whose tests run now. */
    private static final class Running {
        private final Instant since;
        private int tests;
        private int jvms;

        Running(Instant since, int jvms) {
            this.since = since;
            this.jvms = jvms;
        }
    }
}
