package org.holdfast.master.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopTest {
    @Test
    void whatItsStepsHaveOpenedIsClosedInItsOwnThreadWhenItIsStopped() throws Exception {
        var threads = new ConcurrentLinkedQueue<Thread>();
        var stepped = new CountDownLatch(1);
        var loop = new Loop(
                "test",
                Duration.ofMillis(1),
                () -> {
                    if (threads.isEmpty()) {
                        threads.add(Thread.currentThread());
                    }
                    stepped.countDown();
                    throw new IllegalStateException("a step may fail");
                },
                () -> threads.add(Thread.currentThread()));
        try (var running = new RunningLoops(List.of(loop))) {
            assertThat(running).isNotNull();
            assertThat(stepped.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(threads).as("nothing is closed while it runs").hasSize(1);
        }
        assertThat(threads).hasSize(2);
        assertThat(threads.poll()).isSameAs(threads.poll());
    }
}
