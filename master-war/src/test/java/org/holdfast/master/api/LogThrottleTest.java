package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogThrottleTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final LogThrottle told = new LogThrottle(nanos::get);

    private void wait(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void thousandsWithOneCauseAreALineInTenSeconds() {
        assertThat(told.next("unavailable")).contains("");
        for (int i = 0; i < 1_000; i++) {
            wait(Duration.ofMillis(9));
            assertThat(told.next("unavailable")).isEmpty();
        }
        assertThat(told.next("full")).as("another cause").contains("");
        wait(Duration.ofSeconds(1));
        assertThat(told.next("unavailable")).contains("; 1000 more since the last line");
        wait(Duration.ofSeconds(10));
        assertThat(told.next("unavailable")).contains("");
    }
}
