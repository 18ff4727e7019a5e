package org.holdfast.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShortLivedFilesTest {
    /** No process has it: the largest that Linux gives is 2^22. */
    private static final long NOBODY = 1L << 40;

    @TempDir
    Path parent;

    @Test
    void whatAKilledProcessLeftBehindGoesAndNothingElse() throws IOException {
        Path dead = Files.createDirectories(parent.resolve("holdfast-test-" + NOBODY + "-1"));
        Files.writeString(Files.createDirectory(dead.resolve("data")).resolve("ibdata1"), "rows");
        Path running = Files.createDirectory(
                parent.resolve("holdfast-test-" + ProcessHandle.current().pid() + "-2"));
        Path foreign = Files.createDirectory(parent.resolve("somebody-else"));
        ShortLivedFiles.deleteLeftBehind(parent);
        assertThat(parent.toFile().list())
                .containsExactlyInAnyOrder(
                        running.getFileName().toString(), foreign.getFileName().toString());
    }
}
