package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    Path folder;

    @Test
    void whoWritesALargeOneGoesOnInAnEmptyOne() throws IOException {
        Path path = folder.resolve("sn1.log");
        try (OutputStream process = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            process.write("a night's lines\n".getBytes(UTF_8));
            new LogFile(path).rotate(100);
            assertThat(folder.resolve("sn1.log.1")).doesNotExist();
            new LogFile(path).rotate(10);
            process.write("a morning's\n".getBytes(UTF_8));
        }
        assertThat(folder.resolve("sn1.log.1")).hasContent("a night's lines\n");
        assertThat(path).hasContent("a morning's\n");
    }

    @Test
    void whatIsNotThereIsNotLarge() {
        new LogFile(folder.resolve("none.log")).rotate(0);
        assertThat(folder).isEmptyDirectory();
    }
}
