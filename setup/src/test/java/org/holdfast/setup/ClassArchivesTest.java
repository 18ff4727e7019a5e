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
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
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

    /** It stops no start, and says nothing into the component's log. */
    @Test
    void anArchiveThatDoesNotFitIsIgnoredInSilence() throws Exception {
        Path archive = writeArchive("no archive at all");
        assertThat(run(ClassArchives.of(runtime).flags(WAR), jar("a.jar"))).isEqualTo("hello");
        Files.delete(archive);
        run(List.of("-XX:ArchiveClassesAtExit=" + archive), jar("a.jar"));
        assertThat(archive).isNotEmptyFile();
        assertThat(run(List.of("-XX:SharedArchiveFile=" + archive), jar("b.jar")))
                .as("what the JVM says unless it is told to be silent")
                .contains("[warning]");
        assertThat(run(ClassArchives.of(runtime).flags(WAR), jar("b.jar"))).isEqualTo("hello");
    }

    private Path jar(String name) throws IOException {
        Path jar = folder.resolve(name);
        String entry = Hello.class.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var in = Hello.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new JarEntry(entry));
            Objects.requireNonNull(in).transferTo(out);
        }
        return jar;
    }

    private static String run(List<String> flags, Path jar) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Jvm.java().toString(), "-Xshare:auto"));
        command.addAll(flags);
        command.addAll(List.of("-cp", jar.toString(), Hello.class.getName()));
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes(), UTF_8);
        assertThat(java.waitFor()).as(output).isZero();
        return output;
    }

    /** What that test runs. */
    static final class Hello {
        private Hello() {}

        public static void main(String[] args) {
            System.out.print("hello");
        }
    }
}
