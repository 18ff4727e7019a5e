package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class ClassArchivesTest {
    private static final Path WAR = Path.of("/somewhere/holdfast-storage.war");

    @TempDir
    Path folder;

    private PayaraRuntime runtime;
    private Path launcher;

    @BeforeEach
    void makeRuntime() throws IOException {
        runtime = new PayaraRuntime(Files.createDirectory(folder.resolve("payara")));
        launcher = Files.createFile(runtime.directory().resolve("launch-micro.jar"));
    }

    private Path writeArchive(String content) throws IOException {
        ClassArchives archives = ClassArchives.of(runtime);
        Files.createDirectories(archives.directory());
        return Files.writeString(archives.directory().resolve(ClassArchives.fileOf(WAR)), content, UTF_8);
    }

    @Test
    void aStartUsesWhatIsThereAndNothingElse() throws IOException {
        assertThat(ClassArchives.of(runtime).areThere()).isFalse();
        assertThat(ClassArchives.of(runtime).flags(WAR)).isEmpty();
        Path archive = writeArchive("");
        assertThat(ClassArchives.of(runtime).areThere()).isTrue();
        assertThat(ClassArchives.of(runtime).flags(WAR)).contains("-XX:SharedArchiveFile=" + archive);
        assertThat(ClassArchives.of(runtime).flags(Path.of("holdfast-master.war")))
                .isEmpty();
    }

    /** The JVM compares the times of jars too; what it would refuse is made anew. */
    @Test
    void anotherRuntimeHasOthers() throws IOException {
        writeArchive("");
        Files.setLastModifiedTime(launcher, FileTime.from(Instant.EPOCH));
        assertThat(ClassArchives.of(runtime).areThere()).isFalse();
    }

    /** It would stop no start, and say nothing into the component's log. */
    @Test
    void aBrokenArchiveIsIgnoredInSilence() throws Exception {
        for (String content : List.of("", "no archive at all".repeat(1_000))) {
            writeArchive(content);
            List<String> command = new ArrayList<>(List.of(Jvm.java().toString(), "-Xshare:auto"));
            command.addAll(ClassArchives.of(runtime).flags(WAR));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Hello.class.getName()));
            Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
            assertThat(java.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("hello");
            assertThat(java.waitFor()).isZero();
        }
    }

    /** What that test runs. */
    static final class Hello {
        private Hello() {}

        public static void main(String[] args) {
            System.out.print("hello");
        }
    }
}
