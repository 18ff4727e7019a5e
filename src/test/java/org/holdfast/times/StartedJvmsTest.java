package org.holdfast.times;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StartedJvmsTest {
    private final StartedJvms jvms = new StartedJvms();

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void each_jvm_counts_once() throws Exception {
        Process first = ChildJvm.start(ChildJvm.Waiting.class);
        try {
            assertThat(looked(1)).isEqualTo(1);
            Process second = ChildJvm.start(ChildJvm.Waiting.class);
            try {
                assertThat(looked(1)).as("the first one is no news").isEqualTo(1);
                assertThat(jvms.look() + jvms.look() + jvms.look()).isZero();
            } finally {
                second.destroyForcibly().waitFor();
            }
        } finally {
            first.destroyForcibly().waitFor();
        }
    }

    @Test
    void other_programs_do_not_count() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        try {
            assertThat(ProcessHandle.current().descendants()).contains(cat.toHandle());
            while (cat.info()
                    .command()
                    .filter(program -> program.endsWith("cat"))
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(jvms.look() + jvms.look() + jvms.look()).isZero();
        } finally {
            cat.destroyForcibly().waitFor();
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void a_jvm_behind_a_shell_counts() throws Exception {
        var command = new ArrayList<>(List.of("sh", "-c", "\"$@\"; true", "sh"));
        command.addAll(ChildJvm.command(ChildJvm.Waiting.class));
        Process shell = new ProcessBuilder(command).start();
        try {
            assertThat(looked(1)).isEqualTo(1);
        } finally {
            shell.getOutputStream().close();
            shell.waitFor();
        }
    }

    /** Looks until this many are counted, and says how many that were. */
    private int looked(int atLeast) {
        int counted = 0;
        while (counted < atLeast && !Thread.currentThread().isInterrupted()) {
            counted += jvms.look();
            Thread.onSpinWait();
        }
        return counted;
    }
}
