package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.holdfast.setup.FakeCluster.Fault;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client script alone, against a server that speaks the contract. It mostly waits, so its tests wait together. */
@NullMarked
@Execution(ExecutionMode.CONCURRENT)
class ClientScriptTest {
    private static final Path SCRIPT = Path.of("client/holdfast").toAbsolutePath();
    private static final String NOBODY = "http://127.0.0.1:1"; // tcpmux: nothing listens there
    private static final String ODD_NAME = "-dä sh 😀 100% ?x=1&y #1 [a-c]{1,2} \"q\" 'q' \\n $HOME * ..x+;~";

    @TempDir
    Path folder;

    private FakeCluster cluster;
    private Path work;
    private final Map<String, String> settings = new TreeMap<>();
    private List<String> shell = List.of("sh");

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster();
        work = Files.createDirectory(folder.resolve("work"));
        settings.put("HOLDFAST_MASTERS", cluster.url());
        settings.put("HOLDFAST_USER", "admin");
        settings.put("HOLDFAST_PASSWORD", FakeCluster.PASSWORD);
        settings.put("HOLDFAST_STALL_SECONDS", "1");
        settings.put("HOME", folder.resolve("home").toString());
        settings.put("TMPDIR", Files.createDirectory(folder.resolve("tmp")).toString());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /** What the script said; the output byte for byte, as ISO 8859-1. */
    private record Answer(int code, String latin1, String errors) {
        byte[] output() {
            return latin1.getBytes(ISO_8859_1);
        }

        String text() {
            return new String(output(), UTF_8);
        }
    }

    private Answer run(String... arguments) throws IOException, InterruptedException {
        return runWithInput(new byte[0], arguments);
    }

    private Answer runWithInput(byte[] input, String... arguments) throws IOException, InterruptedException {
        Process process = begin(arguments);
        try (var stdin = process.getOutputStream()) {
            stdin.write(input);
        }
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
            assertThat(left).as("temporary files").isEmpty();
        }
        return new Answer(process.exitValue(), new String(output, ISO_8859_1), Files.readString(errors()));
    }

    private Process begin(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(shell);
        command.add(SCRIPT.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_") || name.startsWith("XDG_"));
        builder.environment().putAll(settings);
        return builder.redirectError(errors().toFile()).start();
    }

    private Path errors() {
        return folder.resolve("errors");
    }

    private static byte[] someBytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private Path local(String name, byte[] content) throws IOException {
        return Files.write(work.resolve(name), content);
    }

    static List<String> shells() {
        return Stream.of("sh", "dash", "bash", "busybox sh", "ksh")
                .filter(shell -> Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, shell.split(" ", -1)[0]))))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void oddNamesAndBytesComeBackInEveryShell(String shellCommand) throws Exception {
        shell = List.of(shellCommand.split(" "));
        byte[] content = someBytes(100_000);
        local(ODD_NAME, content);

        Answer put = run("put", "--", ODD_NAME);
        assertThat(put.errors()).isEmpty();
        assertThat(put.text()).isEqualTo("stored admin/" + ODD_NAME + " (100000 bytes, 1 of 3 copies durable)\n");
        assertThat(cluster.files).containsOnlyKeys("admin/" + ODD_NAME);

        assertThat(run("get", "admin/" + ODD_NAME, "back").errors()).isEmpty();
        assertThat(work.resolve("back")).hasBinaryContent(content);
        assertThat(run("get", "admin/" + ODD_NAME, "-").output()).isEqualTo(content);
        assertThat(run("ls", "admin").text()).isEqualTo(ODD_NAME + "\n");
        assertThat(run("stat", "admin/" + ODD_NAME).text()).contains("size      100000\n");
        assertThat(run("mv", "admin/" + ODD_NAME, "admin/x/" + ODD_NAME).code()).isZero();
        assertThat(cluster.files).containsOnlyKeys("admin/x/" + ODD_NAME);
        assertThat(run("rm", "admin/x/" + ODD_NAME).code()).isZero();
        assertThat(cluster.files).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void wholeFoldersComeBackInEveryShell(String shellCommand) throws Exception {
        shell = List.of(shellCommand.split(" "));
        Path tree = work.resolve("tree");
        String deep = "tree/" + "d/".repeat(199) + "d";
        Files.createDirectories(work.resolve(deep));
        Files.writeString(work.resolve(deep).resolve("leaf"), "at the bottom");
        Files.createDirectories(tree.resolve("empty " + ODD_NAME));
        Files.write(tree.resolve("zero"), new byte[0]);
        for (int i = 0; i < 600; i++) { // three batches
            Files.write(tree.resolve(i + ODD_NAME), someBytes(i));
        }
        for (int i = 0; i < 10; i++) { // enough folders to be listed together; the last ones in more than one page
            Path branch = Files.createDirectory(tree.resolve("branch " + i + ODD_NAME));
            for (int j = 0; j <= i; j++) {
                Files.write(branch.resolve(j + ODD_NAME), someBytes(i * 10 + j));
            }
        }

        Answer put = run("put", "-r", "tree", "admin/copy");
        assertThat(put.errors()).isEmpty();
        assertThat(put.text()).isEqualTo("stored admin/copy: 658 of 658 files and empty folders\n");
        Answer get = run("get", "-r", "admin/copy");
        assertThat(get.errors()).isEmpty();
        assertThat(get.text()).isEqualTo("fetched admin/copy: 657 of 657 files\n");
        assertThat(contents(work.resolve("copy"))).isEqualTo(contents(tree));
    }

    /** Relative path to digest; folders as "/". */
    private static Map<String, String> contents(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.toList()) {
                contents.put(
                        root.relativize(path).toString(),
                        Files.isDirectory(path) ? "/" : FakeCluster.etag(Files.readAllBytes(path)));
            }
        }
        return contents;
    }

    @Test
    void filesAreLockedForAWhileAndWhoIsRefusedHearsWhoIsInTheWay() throws Exception {
        assertThat(run("lock", "admin/f").text()).isEqualTo("admin/f is locked by admin until noon\n");
        assertThat(run("lock", "--for", "2h", "admin/f").code()).isZero();
        assertThat(cluster.requests).endsWith("POST /api/v1/locks/admin/f?seconds=7200");
        Answer refused = run("lock", "admin/theirs", "--for", "90");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.errors()).contains("locked by mara, until noon");
        assertThat(run("lock", "admin/f", "--for", "soon").code()).isEqualTo(2);
        assertThat(run("unlock", "admin/f").code()).isZero();
        assertThat(run("unlock", "-r", "d").code()).isZero();
        assertThat(cluster.requests).endsWith("DELETE /api/v1/locks/admin/f", "DELETE /api/v1/locks/d/?recursive=true");
    }

    @ParameterizedTest
    @EnumSource(names = {"BREAKS_UPLOAD", "BUSY", "FULL", "COMMITS_BUT_LOSES_ANSWER"})
    void aNodeThatFailsToTakeAFileCostsASecondTryElsewhere(Fault fault) throws Exception {
        cluster.faults.put("sn1", fault);
        byte[] content = someBytes(300_000);
        local("f", content);

        Answer put = run("put", "f", "admin/f");

        assertThat(put.errors()).isEmpty();
        assertThat(put.code()).isZero();
        assertThat(cluster.files.get("admin/f")).isEqualTo(content);
        assertThat(cluster.writers).as("both tries are of one put").hasSize(1);
        assertThat(cluster.requests)
                .filteredOn(request -> request.startsWith("POST"))
                .element(1)
                .asString()
                .endsWith("exclude=sn1");
    }

    @Test
    void aLostAnswerIsNoConflictWithOneself() throws Exception {
        cluster.faults.put("sn1", Fault.COMMITS_BUT_LOSES_ANSWER);
        local("f", someBytes(10));
        assertThat(run("put", "--on-conflict", "fail", "f", "admin/f")).satisfies(put -> {
            assertThat(put.errors()).isEmpty();
            assertThat(put.code()).isZero();
        });
    }

    @Test
    void whenEveryNodeFailsThePutIsUnavailableAfterFiveTries() throws Exception {
        List.of("sn1", "sn2", "sn3").forEach(node -> cluster.faults.put(node, Fault.BUSY));
        local("f", someBytes(10));

        Answer put = run("put", "f", "admin/f");

        assertThat(put.code()).isEqualTo(4);
        assertThat(put.errors()).startsWith("holdfast: admin/f: ").hasLineCount(1);
        assertThat(cluster.requests)
                .filteredOn(request -> request.startsWith("POST"))
                .hasSize(5);
    }

    @Test
    void aHolderThatDiesInMidTransferCostsAResume() throws Exception {
        byte[] content = someBytes(3_000_000);
        cluster.files.put("admin/f", content);
        cluster.faults.put("sn1", Fault.CUTS_DOWNLOAD);

        assertThat(run("get", "admin/f").code()).isZero();
        assertThat(work.resolve("f")).hasBinaryContent(content);
        assertThat(run("get", "admin/f", "-").output()).isEqualTo(content);
        assertThat(cluster.ranges).element(0).isEqualTo("sn1 null");
        assertThat(cluster.ranges).element(1).asString().matches("sn2 bytes=[1-9][0-9]*-");
        assertThat(cluster.ranges).element(3).asString().matches("sn2 bytes=[1-9][0-9]*-");
    }

    @ParameterizedTest
    @EnumSource(names = {"STALLS_DOWNLOAD", "SENDS_WRONG_BYTES", "SENDS_OTHER_VERSION"})
    void aHolderThatStallsOrLiesIsPassedOver(Fault fault) throws Exception {
        byte[] content = someBytes(500_000);
        cluster.files.put("admin/f", content);
        cluster.faults.put("sn1", fault);

        assertThat(run("get", "admin/f").errors()).isEmpty();
        assertThat(work.resolve("f")).hasBinaryContent(content);
    }

    @Test
    void wrongBytesNeverStandUnderTheName() throws Exception {
        cluster.files.put("admin/f", someBytes(5000));
        List.of("sn1", "sn2", "sn3").forEach(node -> cluster.faults.put(node, Fault.SENDS_WRONG_BYTES));
        local("f", someBytes(7));

        Answer get = run("get", "admin/f");

        assertThat(get.code()).isEqualTo(1);
        assertThat(get.errors()).isEqualTo("holdfast: admin/f: digest mismatch; nothing was saved\n");
        assertThat(work.resolve("f")).hasBinaryContent(someBytes(7));
        assertThat(work.toFile().list()).containsExactly("f");
        assertThat(run("get", "admin/f", "-").code()).isEqualTo(1);
    }

    @Test
    void badFilesOfAFolderAreFetchedAgainOneByOne() throws Exception {
        for (int i = 0; i < 20; i++) {
            cluster.files.put("admin/t/f" + i, someBytes(1000 + i));
        }
        cluster.faults.put("sn1", Fault.SENDS_WRONG_BYTES);

        Answer get = run("get", "-r", "admin/t");

        assertThat(get.errors()).isEmpty();
        assertThat(get.text()).isEqualTo("fetched admin/t: 20 of 20 files\n");
        for (int i = 0; i < 20; i++) {
            assertThat(work.resolve("t/f" + i)).hasBinaryContent(someBytes(1000 + i));
        }
    }

    @Test
    void aFileOfAFolderThatIsRefusedIsNamedAndTheRestStored() throws Exception {
        Files.createDirectory(work.resolve("t"));
        for (String name : List.of("t/a", "t/b", "t/c")) {
            local(name, someBytes(20));
        }
        cluster.files.put("admin/t/b", someBytes(9));

        Answer put = run("put", "-r", "--on-conflict=fail", "t");

        assertThat(put.code()).isEqualTo(1);
        assertThat(put.errors()).isEqualTo("holdfast: admin/t/b: a file \"admin/t/b\" is there\n");
        assertThat(put.text()).isEqualTo("stored admin/t: 2 of 3 files and empty folders\n");
        assertThat(cluster.files.get("admin/t/b")).isEqualTo(someBytes(9));
    }

    @Test
    void whatIsWantedOfANodeIsToldToTheMaster() throws Exception {
        assertThat(run("node", "offline", "sn1").text()).isEqualTo("node sn1 is offline, running\n");
        assertThat(run("node", "online", "sn1", "--heal").code()).isZero();
        assertThat(run("node", "drain", "sn1").code()).isZero();
        assertThat(run("node", "remove", "--force", "sn1").text()).isEqualTo("node sn1 is removed\n");
        assertThat(cluster.bodies)
                .containsExactly(
                        "{\"adminState\":\"offline\"}",
                        "{\"adminState\":\"in_service\",\"heal\":\"auto\"}",
                        "{\"adminState\":\"draining\"}",
                        "{\"adminState\":\"removed\",\"force\":true}");
        assertThat(run("node", "remove", "full").errors())
                .isEqualTo("holdfast: node full: full still holds 7 copies\n");
        assertThat(run("node", "show", "sn1").text()).isEqualTo("table of sn1");
        assertThat(run("node", "sn1").text()).isEqualTo("table of sn1");
        assertThat(run("node", "show").text()).as("a node may be named so").isEqualTo("table of show");
        assertCode(2, "node");
        assertCode(2, "node", "offline", "sn1", "--force");
        assertCode(2, "node", "offline", "sn1", "sn2");
        assertThat(run("events", "--node=sn1", "--limit", "7").code()).isZero();
        assertThat(cluster.requests).contains("GET /api/v1/events?limit=7&node=sn1");
    }

    @Test
    void aDiskMayBePulledOrNotAndCopiesAreMoreFewerAndElsewhere() throws Exception {
        assertThat(run("node", "safe", "empty1").text()).isEqualTo("So it is.\n");
        assertThat(run("node", "safe", "sn1").code()).isEqualTo(1);
        assertThat(run("namespace", "set", "one", "--replicas", "3", "--placement", "hash", "--versions", "4")
                        .text())
                .isEqualTo("table of one");
        assertThat(run("rebalance", "--dry-run", "--spread", "2.5%").text()).isEqualTo("moves");
        assertThat(run("rebalance").code()).isZero();
        assertThat(run("rebalance", "stop").code()).isZero();
        assertThat(cluster.bodies)
                .containsExactly(
                        "{\"replicas\":3,\"placement\":\"hash\",\"versionsKept\":4}",
                        "{\"dryRun\":true,\"spread\":0.025}",
                        "{\"dryRun\":false,\"spread\":0.05}");
        assertThat(cluster.requests).contains("DELETE /api/v1/cluster/rebalance");
        assertCode(2, "namespace", "set", "one");
        assertCode(2, "namespace", "set", "one", "--replicas", "many");
        assertCode(2, "rebalance", "--spread", "much");
    }

    @Test
    void aBusyOrSilentMasterIsFollowedByTheNext() throws Exception {
        settings.put("HOLDFAST_MASTERS", NOBODY + "," + cluster.url() + "/ " + cluster.url());
        cluster.busyAnswers.set(1);
        assertThat(run("nodes").code()).isZero();
        local("f", someBytes(10));
        assertThat(run("put", "f").code()).isZero();
        assertThat(cluster.files).containsOnlyKeys("admin/f");
    }

    @Test
    void aReadWorksWithoutMastersForTheTicketsLife() throws Exception {
        byte[] content = someBytes(1000);
        cluster.files.put("admin/f", content);
        assertThat(run("get", "admin/f", "first").code()).isZero();
        cluster.busyAnswers.set(Integer.MAX_VALUE);

        assertThat(run("get", "admin/f", "second").errors()).isEmpty();
        assertThat(work.resolve("second")).hasBinaryContent(content);
        assertThat(run("get", "admin/other").code()).isEqualTo(4);
        Path cached;
        try (Stream<Path> files = Files.list(folder.resolve("home/.cache/holdfast"))) {
            cached = files.toList().get(0);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cached)))
                .isEqualTo("rw-------");
    }

    @Test
    void everyFailureHasItsExitCodeAndOneLine() throws Exception {
        cluster.files.put("admin/f", someBytes(3));
        assertCode(3, "get", "admin/missing");
        assertCode(3, "rm", "admin/missing");
        assertCode(3, "stat", "admin/missing");
        assertCode(3, "put", "missing-here");
        assertCode(2);
        assertCode(2, "frobnicate");
        assertCode(2, "get");
        assertCode(2, "put", "--durability", "many", "f");
        assertCode(2, "rm", "admin");
        assertCode(2, "tasks", "--node");
        assertCode(2, "task", "explode", "01KJMMA2G0BPBVXAW30DSPYN7Q");
        assertCode(2, "task", "resume", "delete", "--reason", "why not");
        assertCode(2, "why");
        assertCode(2, "get", "admin/f", "--version", "newest");
        assertCode(2, "restore", "admin/f");
        local("f", someBytes(4));
        assertCode(1, "put", "--on-conflict", "fail", "f");
        assertCode(1, "put", "--if-match", "0".repeat(64), "f");
        settings.put("HOLDFAST_PASSWORD", "wrong");
        assertCode(1, "ls");
        settings.put("HOLDFAST_MASTERS", NOBODY);
        for (String command : List.of("ls", "nodes", "tasks", "cluster")) {
            assertCode(4, command);
        }
        assertCode(4, "put", "f");
        assertCode(4, "get", "admin/f");
        settings.remove("HOLDFAST_PASSWORD");
        assertCode(1, "ls");
    }

    private void assertCode(int code, String... arguments) throws Exception {
        Answer answer = run(arguments);
        assertThat(answer.code()).as(Arrays.toString(arguments)).isEqualTo(code);
        assertThat(answer.errors().lines().filter(line -> line.startsWith("holdfast: ")))
                .hasSize(1);
    }

    @Test
    void aSessionStandsInForThePassword() throws Exception {
        settings.remove("HOLDFAST_PASSWORD");
        Answer login = runWithInput((FakeCluster.PASSWORD + "\n").getBytes(UTF_8), "login");
        assertThat(login.errors()).isEmpty();
        Path session = folder.resolve("home/.config/holdfast/session");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(session)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(session)).doesNotContain(FakeCluster.PASSWORD);
        settings.remove("HOLDFAST_USER");
        local("f", someBytes(10));
        assertThat(run("put", "f").errors()).isEmpty();
        assertThat(cluster.files).containsOnlyKeys("admin/f");
        assertThat(run("logout").code()).isZero();
        assertThat(session).isEmptyFile();
        assertCode(1, "ls");
    }

    @Test
    void standardInputIsStored() throws Exception {
        byte[] content = someBytes(70_000);
        assertThat(runWithInput(content, "put", "-", "admin/in").errors()).isEmpty();
        assertThat(cluster.files.get("admin/in")).isEqualTo(content);
    }

    @Test
    void anExistingFolderOrASlashMeansIntoIt() throws Exception {
        local("f", someBytes(1));
        cluster.folders.put("admin/there", true);
        run("put", "f", "admin/there");
        run("put", "f", "admin/new/");
        run("put", "f", "admin");
        run("put", "f", "admin/plain");
        assertThat(cluster.files).containsOnlyKeys("admin/there/f", "admin/new/f", "admin/f", "admin/plain");
        run("mv", "admin/plain", "admin/there");
        assertThat(cluster.files).containsKey("admin/there/plain");
        run("put", "--on-conflict", "rename", "f", "admin/there");
        assertThat(cluster.files).containsKey("admin/there/f (1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get admin/f", "get admin/f -", "get -r admin"})
    void stoppingItLeavesNothingBehindAndNoSecretIsInItsArguments(String words) throws Exception {
        settings.put("HOLDFAST_STALL_SECONDS", "50");
        cluster.files.put("admin/f", someBytes(200_000));
        cluster.faults.put("sn1", Fault.STALLS_DOWNLOAD);
        Process process = begin(words.split(" "));
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (cluster.ranges.isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(deadlineNanos);
            Thread.onSpinWait();
        }
        List<ProcessHandle> family = process.descendants().toList();
        assertThat(family).isNotEmpty();
        for (ProcessHandle member : family) {
            assertThat(member.info().commandLine().orElse("")).doesNotContain("ticket", FakeCluster.PASSWORD);
        }
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        for (ProcessHandle member : family) {
            member.onExit().get(10, TimeUnit.SECONDS);
        }
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
        try (Stream<Path> left = Files.walk(work)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }
}
