package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When setup/start builds: in a small checkout, with a Maven and a Java that only say that they were called. */
@NullMarked
class StartBuildTest {
    private static final List<String> PROGRAMS = List.of("setup", "master-war", "storage-war", "replicator-worker");
    private static final List<String> PRODUCTS = List.of(
            "setup/target/holdfast-setup.jar",
            "setup/target/lib/a.jar",
            "setup/target/payara/payara-micro.jar",
            "master-war/target/holdfast-master.war",
            "storage-war/target/holdfast-storage.war",
            "replicator-worker/target/holdfast-worker.jar",
            "replicator-worker/target/lib/a.jar");

    @TempDir
    Path folder;

    private Path checkout;
    private Path bin;

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = folder.resolve("checkout");
        for (String module : List.of("contract", "syslog", "db", "setup", "master-war", "storage-war")) {
            write(checkout.resolve(module).resolve("pom.xml"), "<project/>");
            write(source(module), "class A {}");
        }
        write(source("replicator-worker"), "class A {}");
        write(checkout.resolve("pom.xml"), "<project/>");
        write(checkout.resolve("setup/artemis/broker.xml"), "<configuration/>");
        for (String script : List.of("start", "common.sh", "sources")) {
            Files.copy(Path.of(script), checkout.resolve("setup").resolve(script), StandardCopyOption.COPY_ATTRIBUTES);
        }
        bin = folder.resolve("bin");
        program("java", "[ \"$1\" != -version ] || echo 'openjdk version \"17.0.1\"' >&2");
        program("javac", "");
        program("curl", "");
        fakeMaven("");
    }

    private void fakeMaven(String more) throws IOException {
        StringBuilder script = new StringBuilder("""
                [ "$1" != --version ] || { echo 'Apache Maven 3.9.9'; exit 0; }
                cd %s
                echo "$*" >>mvn.calls
                echo '[INFO] Building Holdfast: master 0.1.0-SNAPSHOT         [5/7]'
                """.formatted(checkout));
        for (String product : PRODUCTS) {
            script.append("mkdir -p $(dirname ")
                    .append(product)
                    .append("); echo built >")
                    .append(product)
                    .append('\n');
        }
        program("mvn", script + more);
    }

    private void program(String name, String body) throws IOException {
        Path file = bin.resolve(name);
        write(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Path source(String module) {
        return checkout.resolve(module).resolve("src/main/java/A.java");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, UTF_8);
    }

    private Process begin(Path where) throws IOException {
        var start = new ProcessBuilder("sh", where.resolve("setup/start").toString()).redirectErrorStream(true);
        start.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_") || name.equals("JAVA_HOME"));
        start.environment().merge("PATH", bin.toString(), (path, ours) -> ours + ":" + path);
        return start.start();
    }

    private String start(Path where) throws IOException, InterruptedException {
        Process process = begin(where);
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private void assertBuilds(Path where) throws IOException, InterruptedException {
        assertThat(start(where)).contains("building");
    }

    private void assertRunsAsItIs(Path where) throws IOException, InterruptedException {
        assertThat(start(where)).doesNotContain("building");
    }

    @Test
    void buildsOnceAndOnlyWhatRuns() throws Exception {
        assertThat(start(checkout)).contains("\n  Holdfast: master\n");
        assertRunsAsItIs(checkout);
        assertThat(checkout.resolve("mvn.calls")).content().contains("-Pquick").doesNotContain("verify");
    }

    @Test
    void anyChangeOfWhatItIsMadeOfCounts() throws Exception {
        assertBuilds(checkout);
        write(source("contract"), "class A { int a; }");
        assertBuilds(checkout);
        write(checkout.resolve("setup/artemis/broker.xml"), "<configuration a=\"\"/>");
        assertBuilds(checkout);
        write(checkout.resolve("db/pom.xml"), "<project a=\"\"/>");
        assertBuilds(checkout);
        Files.move(source("master-war"), source("master-war").resolveSibling("B.java"));
        assertBuilds(checkout);
        Files.delete(checkout.resolve("storage-war/target/holdfast-storage.war"));
        assertBuilds(checkout);
        assertRunsAsItIs(checkout);
    }

    @Test
    void testsAndDocumentsDoNotCount() throws Exception {
        assertBuilds(checkout);
        write(checkout.resolve("contract/src/test/java/ATest.java"), "class ATest {}");
        write(checkout.resolve("README.md"), "Read");
        assertRunsAsItIs(checkout);
    }

    /** As cp -r and git clone make it: the same content, with the time of the copy. */
    @Test
    void aCopyIsAsGoodAsTheTreeItself() throws Exception {
        assertBuilds(checkout);
        Path copy = folder.resolve("copy");
        Files.walkFileTree(checkout, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(copy.resolve(checkout.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copied =
                        Files.copy(file, copy.resolve(checkout.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                boolean isSource = copied.toString().contains("src/main");
                // Sources that are newer than what was built from them, as they come from git.
                Files.setLastModifiedTime(copied, FileTime.from(Instant.now().plusSeconds(isSource ? 3_600 : -3_600)));
                return FileVisitResult.CONTINUE;
            }
        });
        assertRunsAsItIs(copy);
    }

    @Test
    void whatChangesDuringTheBuildIsBuiltNext() throws Exception {
        fakeMaven("echo 'class A { int b; }' >" + source("syslog"));
        assertBuilds(checkout);
        assertBuilds(checkout);
        assertRunsAsItIs(checkout);
    }

    /** A build that checks calls the script itself, and may build only some of the modules. */
    @Test
    void knowsWhatMavenBuilt() throws Exception {
        assertBuilds(checkout);
        write(source("storage-war"), "class A { int c; }");
        sources("begin");
        for (String module : PROGRAMS) {
            sources("built", checkout.resolve(module).toString());
        }
        assertRunsAsItIs(checkout);
        sources("built", checkout.resolve("setup").toString());
        assertBuilds(checkout);
    }

    private void sources(String... words) throws IOException, InterruptedException {
        var command =
                new ArrayList<>(List.of("sh", checkout.resolve("setup/sources").toString()));
        command.addAll(List.of(words));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void aFailedBuildIsNoBuild() throws Exception {
        fakeMaven("echo '[ERROR] no'; exit 1");
        for (int attempt = 1; attempt <= 2; attempt++) {
            Process process = begin(checkout);
            assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                    .contains("[ERROR] no", "the build failed");
            assertThat(process.waitFor()).isEqualTo(1);
        }
    }

    /** When its output goes to a file too, each module is named when its turn comes. */
    @Test
    void progressIsSeenWhileItBuilds() throws Exception {
        Path gate = folder.resolve("gate");
        fakeMaven("for i in $(seq 200); do [ ! -e " + gate + " ] || exit 0; sleep 0.05; done; exit 1");
        Process process = begin(checkout);
        try (var output = process.inputReader(UTF_8)) {
            assertThat(output.readLine()).startsWith("building");
            assertThat(output.readLine()).isEqualTo("  Holdfast: master");
            Files.createFile(gate);
        }
        assertThat(process.waitFor()).isZero();
    }
}
