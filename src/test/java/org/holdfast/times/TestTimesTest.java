package org.holdfast.times;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class TestTimesTest {
    /** JVMs since the last look, as it were; the samples below find it here. */
    private static final AtomicInteger STARTED = new AtomicInteger();

    @TempDir
    private Path folder;

    private final TickingClock clock = new TickingClock();

    @Test
    void tests_count_by_invocation_failed_skipped_and_nested_ones_too() throws IOException {
        run(Sample.class);
        assertThat(row(Sample.class))
                .isEqualTo(new TimesRow(Sample.class.getName(), "module", 6, Duration.ofSeconds(1), 0));
    }

    @Test
    void a_jvm_counts_for_the_class_that_started_it() throws IOException {
        run(Quiet.class, Starting.class, Sample.class);
        assertThat(row(Starting.class).jvms()).isEqualTo(2);
        assertThat(row(Quiet.class).jvms()).isZero();
        assertThat(row(Sample.class).jvms()).isZero();
    }

    @Test
    void one_that_was_started_before_counts_for_the_next_class() throws IOException {
        STARTED.set(1);
        run(Quiet.class);
        assertThat(row(Quiet.class).jvms()).isEqualTo(1);
    }

    @Test
    void without_a_run_nothing_happens() throws IOException {
        run(new TestTimes(null, "module", clock, () -> 0), Quiet.class);
        assertThat(folder).isEmptyDirectory();
    }

    private void run(Class<?>... classes) {
        run(new TestTimes(new TimesFile(folder, "times", "run"), "module", clock, () -> STARTED.getAndSet(0)), classes);
    }

    private static void run(TestTimes times, Class<?>... classes) {
        var config = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .addTestExecutionListeners(times)
                .build();
        var request = LauncherDiscoveryRequestBuilder.request();
        for (Class<?> each : classes) {
            request.selectors(selectClass(each));
        }
        LauncherFactory.create(config).execute(request.build());
    }

    private TimesRow row(Class<?> testClass) throws IOException {
        return Files.readAllLines(folder.resolve("times.tsv")).stream()
                .skip(1)
                .map(TimesRow::ofLine)
                .filter(row -> row.testClass().equals(testClass.getName()))
                .findFirst()
                .orElseThrow();
    }

    /** A second passes whenever somebody asks. */
    private static final class TickingClock implements InstantSource {
        private Instant now = Instant.EPOCH;

        @Override
        public synchronized Instant instant() {
            now = now.plusSeconds(1);
            return now;
        }
    }

    /** One fails, two are one with two values, one is skipped, one is nested. */
    static class Sample {
        @Test
        void passes() {}

        @Test
        void fails() {
            throw new AssertionError("on purpose");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void takes(int value) {
            assertThat(value).isPositive();
        }

        @Test
        @Disabled
        void is_skipped() {}

        @Nested
        class Inner {
            @Test
            void passes() {}
        }
    }

    static class Quiet {
        @Test
        void starts_nothing() {}
    }

    static class Starting {
        @BeforeAll
        static void start() {
            STARTED.incrementAndGet();
        }

        @Test
        void starts_another() {
            STARTED.incrementAndGet();
        }
    }
}
