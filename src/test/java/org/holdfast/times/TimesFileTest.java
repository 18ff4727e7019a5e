package org.holdfast.times;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimesFileTest {
    private static final int JVMS = 3;
    private static final int ROWS_EACH = 20;

    @TempDir
    private Path checkout;

    @Test
    void rows_of_one_run_come_together() throws IOException {
        file("run 1").add(row("A", 1));
        file("run 1").add(row("B", 2));
        assertThat(lines("times.txt")).anyMatch(line -> line.startsWith("A ")).anyMatch(line -> line.startsWith("B "));
        assertThat(lines("times.txt")).last().asString().matches("all 2 +3 +3\\.0 +3");
    }

    @Test
    void a_class_that_two_engines_run_is_one_row() throws IOException {
        file("run 1").add(row("A", 1));
        file("run 1").add(row("A", 2));
        assertThat(lines("times.txt")).last().asString().matches("all 1 +3 +3\\.0 +3");
    }

    @Test
    void classes_of_the_same_name_in_two_modules_are_two() throws IOException {
        file("run 1").add(row("ArchitectureTest", 1));
        file("run 1").add(new TimesRow("ArchitectureTest", "other", 1, Duration.ZERO, 0));
        assertThat(lines("times.txt")).last().asString().startsWith("all 2 ");
    }

    @Test
    void rows_of_another_run_go() throws IOException {
        file("run 1").add(row("A", 1));
        file("run 2").add(row("B", 2));
        assertThat(lines("times.txt")).hasSize(3).noneMatch(line -> line.startsWith("A "));
    }

    @Test
    void several_jvms_add_at_once_and_no_row_is_lost() throws Exception {
        List<Process> writers = new ArrayList<>();
        for (int n = 0; n < JVMS; n++) {
            writers.add(ChildJvm.start(Writer.class, checkout.toString(), "Writer" + n));
        }
        for (Process writer : writers) {
            assertThat(writer.waitFor()).isZero();
        }
        assertThat(lines("times.txt")).last().asString().startsWith("all " + JVMS * ROWS_EACH + " ");
    }

    private TimesFile file(String run) {
        return new TimesFile(checkout.resolve("target"), "times", run);
    }

    private static TimesRow row(String name, int count) {
        return new TimesRow(name, "module", count, Duration.ofSeconds(count), count);
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(checkout.resolve("target").resolve(name));
    }

    /** Stands for one fork of surefire. */
    static final class Writer {
        public static void main(String[] args) throws IOException {
            var file = new TimesFile(Path.of(args[0], "target"), "times", "run");
            for (int n = 0; n < ROWS_EACH; n++) {
                file.add(row(args[1] + "-" + n, 1));
            }
        }
    }
}
