package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The containers run Payara as setup/start does. Both are told by files of their own, which must not drift apart. */
@NullMarked
class ContainersTest {
    private static final Path CONTAINER = Path.of("containers/payara");

    @TempDir
    Path folder;

    private Path instance;

    @BeforeEach
    void makeInstance() throws IOException {
        Path runtime = Files.createDirectory(folder.resolve("runtime"));
        for (String part : new String[] {"config", "lib", "docroot"}) {
            Files.createDirectory(runtime.resolve(part));
        }
        Files.writeString(runtime.resolve(".env"), "MICRO_OPENS=\"--add-opens x/y=ALL-UNNAMED\"\n");
        instance = folder.resolve("instance");
        new PayaraRuntime(runtime)
                .instance(instance, new PayaraRuntime.Listener(7400, Optional.empty()), Path.of("some.war"));
    }

    @Test
    void preBootCommandsAreTheSameButForTheAddress() throws IOException {
        var local = Files.readAllLines(instance.resolve("pre-boot.txt"));
        assertThat(local).anyMatch(line -> line.endsWith("http-listener.address=127.0.0.1"));
        local.removeIf(line -> line.contains("http-listener.address="));
        assertThat(Files.readAllLines(CONTAINER.resolve("pre-boot.txt"))).isEqualTo(local);
    }

    @Test
    void loggingIsTheSame() {
        assertThat(CONTAINER.resolve("logging.properties"))
                .hasSameTextualContentAs(instance.resolve("config/logging.properties"));
    }

    @Test
    void compilerDirectivesAreTheSame() {
        assertThat(CONTAINER.resolve("compiler-directives.json")).hasSameTextualContentAs(Jvm.writeDirectives(folder));
    }
}
