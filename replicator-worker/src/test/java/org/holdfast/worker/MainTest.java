package org.holdfast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path folder;

    private Map<String, String> files = Map.of();

    @BeforeEach
    void writeSecrets() throws Exception {
        Path password = Files.writeString(folder.resolve("broker.password"), "hush\n");
        files = Map.of("holdfast.broker.password-file", password.toString());
    }

    @Test
    void help_goes_to_standard_output() {
        assertThat(run("--help")).startsWith("0 usage:").contains("--concurrency", "--grace");
    }

    @Test
    void wrong_arguments_are_answered_in_one_line_with_2() {
        assertThat(run("--frobnicate"))
                .isEqualTo("2 holdfast-worker: unknown argument '--frobnicate'; --help tells them all\n");
        assertThat(run("--concurrency")).isEqualTo("2 holdfast-worker: --concurrency needs a value\n");
        assertThat(run("--concurrency", "many"))
                .isEqualTo("2 holdfast-worker: --concurrency needs a number, not 'many'\n");
        assertThat(run("--concurrency", "0")).isEqualTo("2 holdfast-worker: --concurrency lies between 1 and 256\n");
        assertThat(run("--grace", "-1")).isEqualTo("2 holdfast-worker: --grace lies between 0 and 86400\n");
    }

    @Test
    void a_setting_that_is_missing_is_named() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> WorkerConfig.read(Arguments.parse(List.of()), name -> Optional.empty()))
                .withMessageContaining("holdfast.broker.password-file");
    }

    @Test
    void defaults_serve_a_cluster_on_one_machine() {
        WorkerConfig config = read(Map.of());
        assertThat(config.concurrency()).isEqualTo(4);
        assertThat(config.grace()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.broker().url()).isEqualTo("tcp://127.0.0.1:7496");
        assertThat(config.broker().password()).isEqualTo("hush");
        assertThat(config.health().port()).isEqualTo(7481);
        assertThat(config.toString()).doesNotContain("hush");
    }

    @Test
    void arguments_win_over_settings() {
        WorkerConfig config =
                read(Map.of("holdfast.worker.concurrency", "7", "holdfast.worker.grace", "PT1M"), "--concurrency", "9");
        assertThat(config.concurrency()).isEqualTo(9);
        assertThat(config.grace()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void nonsense_in_a_setting_is_named() {
        for (var setting : Map.of(
                        "holdfast.worker.stall-timeout", "soon",
                        "holdfast.worker.grace", "-PT1S",
                        "holdfast.worker.health-port", "70000",
                        "holdfast.worker.concurrency", "x",
                        "holdfast.broker.password-file", "/does/not/exist")
                .entrySet()) {
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(() -> read(Map.of(setting.getKey(), setting.getValue())))
                    .withMessageContaining(setting.getKey());
        }
    }

    private WorkerConfig read(Map<String, String> settings, String... words) {
        return WorkerConfig.read(
                Arguments.parse(List.of(words)),
                name -> Optional.ofNullable(settings.getOrDefault(name, files.get(name))));
    }

    private static String run(String... words) {
        var said = new ByteArrayOutputStream();
        var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        return Main.run(List.of(words), stream, stream) + " " + said.toString(StandardCharsets.UTF_8);
    }
}
