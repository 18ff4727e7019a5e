package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the client script makes of folders as people have them: locked ones, links, and disks with rules of their own. */
@NullMarked
@Execution(ExecutionMode.CONCURRENT)
class ClientScriptTreesTest {
    private static final Path SCRIPT = Path.of("client/holdfast").toAbsolutePath();
    private static final int LARGE_BYTES = 17_000_000;

    /** A user with all rights but none to pass over permissions; needed by root alone. */
    private static final String[] WITHOUT_RIGHTS = {"setpriv", "--bounding-set=-all", "--inh-caps=-all"};

    @TempDir
    Path folder;

    @AutoClose
    private final FakeCluster cluster = new FakeCluster();

    private final Map<String, String> settings = new TreeMap<>();
    private List<String> shell = List.of("sh");
    private Path work;

    ClientScriptTreesTest() throws IOException {}

    @BeforeEach
    void start() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        settings.put("HOLDFAST_MASTERS", cluster.url());
        settings.put("HOLDFAST_USER", "admin");
        settings.put("HOLDFAST_PASSWORD", FakeCluster.PASSWORD);
        settings.put("HOME", folder.resolve("home").toString());
        settings.put("TMPDIR", Files.createDirectory(folder.resolve("tmp")).toString());
    }

    private record Answer(int code, String text, String errors) {}

    private Answer run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(shell);
        command.add(SCRIPT.toString());
        command.addAll(List.of(arguments));
        Path errors = folder.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_") || name.startsWith("XDG_"));
        builder.environment().putAll(settings);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        return new Answer(process.exitValue(), text, Files.readString(errors));
    }

    static List<String> shells() {
        return ClientScriptTest.shells();
    }

    private Path file(String name, String text) throws IOException {
        Path file = work.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(work.resolve(name), Path.of(target));
    }

    private String stored(String name) {
        return new String(cluster.files.getOrDefault("admin/" + name, "nothing".getBytes(UTF_8)), UTF_8);
    }

    private void withoutRights() {
        if (System.getProperty("user.name").equals("root")) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "the package util-linux");
            shell = new ArrayList<>(List.of(WITHOUT_RIGHTS));
            shell.add("sh");
        }
    }

    @Test
    void whatCanNotBeReadIsNamedAndTheOthersAreStored() throws Exception {
        file("t/open", "open");
        Path secret = file("t/secret", "secret");
        file("t/locked/within", "within");
        Path locked = work.resolve("t/locked");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
        withoutRights();
        try {
            Answer put = run("put", "-r", "t");
            assertThat(put.code()).isEqualTo(1);
            assertThat(put.errors().lines())
                    .hasSize(2)
                    .anyMatch(line -> line.matches("holdfast: .*t/\\./locked.*: Permission denied"))
                    .contains("holdfast: t/./secret: cannot be read");
            assertThat(put.text()).isEqualTo("stored admin/t: 1 of 3 files and empty folders\n");
            assertThat(cluster.files).containsOnlyKeys("admin/t/open");
            assertThat(cluster.folders).as("no empty folder in its place").isEmpty();
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void linksAreStoredAsCopiesAndCirclesEnd(String shellCommand) throws Exception {
        shell = List.of(shellCommand.split(" "));
        file("t/a/file", "one");
        link("t/to-file", "a/file");
        link("t/to-folder", "a");
        link("t/self", ".");
        link("t/a/up", "..");
        link("t/nowhere", "missing");
        link("t/ring", "ring");
        file("other/deep/two", "two");
        link("t/[x]* outside", "../other");
        link("other/back", "../t");
        link("other/empty", "nothing");
        Files.createDirectory(work.resolve("other/nothing"));

        Answer put = run("put", "-r", "t");

        assertThat(put.errors().lines())
                .containsExactlyInAnyOrder(
                        "holdfast: skipped, leads in a circle: t/./self",
                        "holdfast: skipped, leads in a circle: t/./a/up",
                        "holdfast: skipped, leads in a circle: t/./to-folder/up",
                        "holdfast: skipped, leads in a circle: t/./[x]* outside/back",
                        "holdfast: skipped, no file or folder: t/./nowhere",
                        "holdfast: skipped, no file or folder: t/./ring");
        assertThat(put.code()).isZero();
        assertThat(put.text()).isEqualTo("stored admin/t: 6 of 6 files and empty folders\n4 links stored as copies\n");
        assertThat(cluster.files)
                .containsOnlyKeys(
                        "admin/t/a/file", "admin/t/to-file", "admin/t/to-folder/file", "admin/t/[x]* outside/deep/two");
        assertThat(cluster.folders).containsOnlyKeys("admin/t/[x]* outside/empty", "admin/t/[x]* outside/nothing");
        assertThat(stored("t/to-file")).isEqualTo("one");
    }

    private Path dated(String name, Instant time) throws IOException {
        return Files.setLastModifiedTime(file(name, name), FileTime.from(time));
    }

    private static Instant time(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void filesKeepTheirOwnTimesToTheSecond(String shellCommand) throws Exception {
        shell = List.of(shellCommand.split(" "));
        settings.put("TZ", "America/St_Johns");
        dated("t/old %20 file", Instant.parse("1987-12-03T23:59:58Z"));
        dated("t/a/also old", Instant.parse("1987-12-03T23:59:58Z"));
        dated("t/new", Instant.parse("2031-07-01T00:00:00.987Z"));
        dated("single", Instant.parse("2001-09-09T01:46:40Z"));
        assertThat(run("put", "-r", "t").errors()).isEmpty();
        assertThat(run("put", "single").errors()).isEmpty();
        assertThat(cluster.times)
                .containsOnly(
                        Map.entry("admin/t/old %20 file", "1987-12-03T23:59:58Z"),
                        Map.entry("admin/t/a/also old", "1987-12-03T23:59:58Z"),
                        Map.entry("admin/t/new", "2031-07-01T00:00:00Z"),
                        Map.entry("admin/single", "2001-09-09T01:46:40Z"));
        cluster.files.put("admin/t/without", new byte[0]);

        assertThat(run("get", "-r", "admin/t", "back").errors()).isEmpty();
        assertThat(run("get", "admin/single", "back/").errors()).isEmpty();
        assertThat(time(work.resolve("back/old %20 file"))).isEqualTo("1987-12-03T23:59:58Z");
        assertThat(time(work.resolve("back/a/also old"))).isEqualTo("1987-12-03T23:59:58Z");
        assertThat(time(work.resolve("back/new"))).isEqualTo("2031-07-01T00:00:00Z");
        assertThat(time(work.resolve("back/single"))).isEqualTo("2001-09-09T01:46:40Z");
        assertThat(time(work.resolve("back/without"))).isAfter(Instant.parse("2001-09-09T01:46:40Z"));
        assertThat(run("ls", "-l", "admin/t").text())
                .containsPattern("1987-12-03T23:59:58Z +old %20 file\n")
                .containsPattern("2026-01-01T00:00:00Z +without\n");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whatCanNotBeSeenInANameIsShownToPeople(String shellCommand) throws Exception {
        shell = List.of(shellCommand.split(" "));
        String deceiving = "photo-\u202egpj.exe a\u200bb\u00ad\u200d\udb40\udc41";
        String ordinary = "\u00fc \u05e9\u05dc \u0645\u06cc\u200c\u062e \ud83d\udc68\u200d\ud83d\udcbb";
        cluster.files.put("admin/t/" + deceiving, new byte[0]);
        cluster.files.put("admin/t/" + ordinary, new byte[0]);
        assertThat(run("ls", "-l", "admin/t").text())
                .contains("  photo-<U+202E>gpj.exe a<U+200B>b<U+00AD><U+200D><U+E0041>\n", "  " + ordinary + "\n");
        assertThat(run("ls", "admin/t").text()).contains(deceiving + "\n");
    }

    @Test
    void linksAreLeftOutWhenThatIsAskedFor() throws Exception {
        file("t/a/file", "one");
        link("t/to-file", "a/file");
        link("t/to-folder", "a");
        Answer put = run("put", "-r", "--links", "skip", "t");
        assertThat(put)
                .isEqualTo(new Answer(0, "stored admin/t: 1 of 1 files and empty folders\n2 links left out\n", ""));
        assertThat(cluster.files).containsOnlyKeys("admin/t/a/file");
        assertThat(run("put", "-r", "--links=never", "t").code()).isEqualTo(2);
    }

    @Test
    void aLargeFileBehindALinkGoesStraightToItsNode() throws Exception {
        Files.createDirectory(work.resolve("t"));
        try (var large = new RandomAccessFile(work.resolve("large").toFile(), "rw")) {
            large.setLength(LARGE_BYTES);
        }
        link("t/l", "../large");
        Answer put = run("put", "-r", "t");
        assertThat(put)
                .isEqualTo(
                        new Answer(0, "stored admin/t: 1 of 1 files and empty folders\n1 link stored as a copy\n", ""));
        assertThat(cluster.files.get("admin/t/l")).hasSize(LARGE_BYTES);
        assertThat(cluster.requests).anyMatch(request -> request.startsWith("POST /api/v1/uploads/admin/t/l?"));
    }

    /** A disk as those of Windows and macOS are, as far as the script asks it: mkdir takes two names for one. */
    private void onADiskThatFolds() throws IOException {
        Path mkdir = Files.createDirectory(folder.resolve("programs")).resolve("mkdir");
        Files.writeString(mkdir, """
                #!/bin/sh
                LC_ALL=C
                for word; do
                    shift
                    case $word in
                    /* | -*) ;;
                    *) word=$(printf '%s' "$word" | sed "s/a$(printf '\\314\\210')/$(printf '\\303\\244')/g" | tr A-Z a-z) ;;
                    esac
                    set -- "$@" "$word"
                done
                PATH=${PATH#*:} exec mkdir "$@"
                """);
        Files.setPosixFilePermissions(mkdir, PosixFilePermissions.fromString("rwxr-xr-x"));
        settings.put("PATH", mkdir.getParent() + ":" + System.getenv("PATH"));
    }

    @Test
    void ofTwoNamesThatAreOneOnThisDiskTheSecondIsNotWrittenOverTheFirst() throws Exception {
        for (String name : List.of("b/README", "b/Readme", "b/other", "b/\u00e4", "b/a\u0308", "c", "C/below")) {
            cluster.files.put("admin/t/" + name, name.getBytes(UTF_8));
        }
        onADiskThatFolds();
        Files.createDirectories(work.resolve("t/C"));
        Answer get = run("get", "-r", "admin/t");
        assertThat(get.code()).isEqualTo(1);
        assertThat(get.text()).isEqualTo("fetched admin/t: 4 of 7 files\n");
        assertThat(get.errors().lines())
                .containsExactlyInAnyOrder(
                        "holdfast: admin/t/b/Readme: has the name of another one on this disk; not fetched",
                        "holdfast: admin/t/b/\u00e4: has the name of another one on this disk; not fetched",
                        "holdfast: admin/t/c: has the name of another one on this disk; not fetched");
        assertThat(work.resolve("t/b/README")).hasContent("b/README");
        assertThat(work.resolve("t/b/a\u0308")).hasContent("b/a\u0308");
        assertThat(work.resolve("t/C/below")).hasContent("C/below");
    }

    @Test
    void whereNamesAreToldApartBothAreThere() throws Exception {
        for (String name : List.of("README", "Readme", "\u00e4", "a\u0308")) {
            cluster.files.put("admin/t/" + name, name.getBytes(UTF_8));
        }
        Answer get = run("get", "-r", "admin/t");
        assertThat(get).isEqualTo(new Answer(0, "fetched admin/t: 4 of 4 files\n", ""));
        assertThat(work.resolve("t/Readme")).hasContent("Readme");
    }

    @Test
    void aLargeFolderIsRemovedBitByBit() throws Exception {
        for (String file : List.of("admin/tree/a", "admin/tree/b", "admin/tree/sub/c", "admin/beside")) {
            cluster.files.put(file, new byte[1]);
        }
        assertThat(run("rm", "-r", "admin/tree").code()).isZero();
        assertThat(cluster.files).containsOnlyKeys("admin/beside");
    }
}
