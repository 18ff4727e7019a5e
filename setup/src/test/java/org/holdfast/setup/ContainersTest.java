package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        new PayaraRuntime(runtime).instance(instance, 7400, Path.of("application.war"));
    }

    @Test
    void preBootCommandsAreTheSameButForTheAddress() throws IOException {
        var local = Files.readAllLines(instance.resolve("pre-boot.txt"));
        assertThat(local).anyMatch(line -> line.endsWith("http-listener.address=127.0.0.1"));
        local.removeIf(line -> line.contains("http-listener.address="));
        assertThat(Files.readAllLines(CONTAINER.resolve("pre-boot.txt"))).isEqualTo(local);
    }

    /** A port that is open before the application is there says that files which exist don't. */
    @Test
    void portOpensOnlyOverAnApplicationThatIsThere() throws IOException {
        assertThat(instance.resolve("pre-boot.txt")).content().contains("http-listener.enabled=false");
        assertThat(Files.readString(instance.resolve("post-deploy.txt")))
                .startsWith("set applications.application.application.description=")
                .endsWith("http-listener.enabled=true\n")
                .isEqualTo(Files.readString(CONTAINER.resolve("post-deploy.txt")));
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
