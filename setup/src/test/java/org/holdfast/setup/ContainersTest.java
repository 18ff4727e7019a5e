package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The containers run Payara as setup/start does. Both are told by files of their own, which must not drift apart. */
@NullMarked
class ContainersTest {
    private static final Path CONTAINER = Path.of("containers/payara");
    private static final Path WAR = Path.of("application.war");

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
                .instance(
                        instance,
                        new PayaraRuntime.Listener(InetAddress.getLoopbackAddress(), 7400, Optional.empty()),
                        WAR);
    }

    /** Inside, plain HTTP is there for the health check, on the container's own loopback address. */
    @Test
    void preBootCommandsAreTheSameButForTheAddresses() throws IOException {
        var local = withTls()
                .preBoot()
                .lines()
                .filter(line -> !line.contains("https-listener.address="))
                .map(line -> line.replace(".http-listener.enabled=false", ".http-listener.address=127.0.0.1"))
                .toList();
        assertThat(local).anyMatch(line -> line.endsWith("network-listener.http-listener.address=127.0.0.1"));
        assertThat(Files.readAllLines(CONTAINER.resolve("pre-boot.txt"))).isEqualTo(local);
    }

    private PayaraRuntime.Listener withTls() {
        return new PayaraRuntime.Listener(
                InetAddress.getLoopbackAddress(), 8443, Optional.of(KeyStoreFile.in(folder, "m1")));
    }

    @Test
    void tlsIsTheSame() throws IOException {
        String run = Files.readString(CONTAINER.resolve("run.sh"));
        String broker = Files.readString(Path.of("containers/broker/Dockerfile"));
        assertThat(Jvm.flags(64, folder).stream().filter(flag -> flag.startsWith("-Djdk.tls.")))
                .isNotEmpty()
                .allSatisfy(flag -> assertThat(run).contains(flag))
                .allSatisfy(flag -> assertThat(broker).contains(flag));
    }

    /** A port that is open before the application is there says that files which exist don't. */
    @Test
    void portOpensOnlyOverAnApplicationThatIsThere() throws IOException {
        assertThat(instance.resolve("pre-boot.txt")).content().contains(".http-listener.enabled=false");
        assertThat(instance.resolve("post-deploy.txt"))
                .content()
                .startsWith("set applications.application.application.description=")
                .endsWith(".http-listener.enabled=true\n");
        assertThat(withTls().preBoot()).contains(".https-listener.enabled=false", ".http-listener.enabled=false");
        assertThat(CONTAINER.resolve("post-deploy.txt"))
                .content()
                .isEqualTo(withTls().postDeploy(WAR));
    }

    @Test
    void mastersAreToldHowPeopleReachThemAndHowMailsGoOut() throws IOException {
        String compose = Files.readString(Path.of("../docker-compose.yml"));
        String config =
                Files.readString(Path.of("../master-war/src/main/java/org/holdfast/master/boot/MasterConfig.java"));
        var settings = Pattern.compile("\"(holdfast\\.(?:mail\\.[a-z-]+|people\\.url))\"")
                .matcher(config)
                .results()
                .map(found -> found.group(1).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
                .distinct()
                .toList();
        assertThat(settings)
                .hasSizeGreaterThan(6)
                .allSatisfy(setting -> assertThat(compose).containsPattern("(?m)^      " + setting + ":"));
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
