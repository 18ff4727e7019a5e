package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    private static final String EARLIER = "2026-01-01T00:00:00.000Z SEVERE core: Exception while loading the app\n";

    @TempDir
    Path temp;

    @Test
    void the_root_cause_is_told_and_an_earlier_run_is_not() throws IOException {
        Path log = Files.writeString(temp.resolve("m1.log"), EARLIER + """
                        2026-01-02T00:00:00.000Z INFO core: starting
                        2026-01-02T00:00:01.000Z SEVERE core: Exception while loading the app
                        java.lang.IllegalStateException: outer
                        \tat org.example.Outer.run(Outer.java:1)
                        Caused by: java.sql.SQLException: Access denied
                        \tat org.example.Inner.run(Inner.java:2)
                        """);
        LogTail tail = new LogTail(log, EARLIER.length());
        assertThat(tail.tellsOfFailedDeployment()).isTrue();
        assertThat(tail.reason())
                .contains(
                        "SEVERE core: Exception while loading the app",
                        "Caused by: java.sql.SQLException: Access denied")
                .doesNotContain("starting", "Outer.java", "2026-01-02");
        assertThat(new LogTail(log, Files.size(log)).tellsOfFailedDeployment()).isFalse();
    }

    @Test
    void a_stack_trace_in_one_line_is_read_like_any() throws IOException {
        Path log = Files.writeString(
                temp.resolve("m1.log"),
                "2026-01-02T00:00:01.000Z SEVERE core: Exception while loading the app\\njava.lang.IllegalStateException: outer"
                        + "\\n\tat org.example.Outer.run(Outer.java:1)\\nCaused by: java.sql.SQLException: Access denied"
                        + "\\n\tat org.example.Inner.run(Inner.java:2)\n");
        assertThat(new LogTail(log, 0).reason())
                .contains(
                        "SEVERE core: Exception while loading the app\n",
                        "\nCaused by: java.sql.SQLException: Access denied")
                .doesNotContain("Outer.java", "Inner.java");
    }

    @Test
    void without_anything_alarming_the_last_lines_are_the_reason() throws IOException {
        Path log = Files.writeString(temp.resolve("worker1.log"), "hello\nbye\n");
        assertThat(new LogTail(log, 0).reason()).isEqualTo("hello\nbye");
        assertThat(new LogTail(temp.resolve("nowhere.log"), 0).reason()).contains("nothing");
    }
}
