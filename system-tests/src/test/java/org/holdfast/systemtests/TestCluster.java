package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A whole local cluster, run by {@code setup/start} as a user runs it, on ports and a data directory of its own.
 *
 * <p>However this JVM ends, a watchdog (a shell that waits for the end of its input) stops the cluster.
 */
final class TestCluster implements AutoCloseable {
    static final Path CHECKOUT = property("holdfast.checkout");
    /**
     * Environment of clusters that are there for a minute and move few bytes: the quick compiler alone, for half of their
     * CPU time goes to the other one, without which ciphers are ten times slower.
     */
    static final Map<String, String> SHORT_LIVED = Map.of("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");

    static final Path SCRATCH = property("holdfast.scratch");

    /** The launcher itself gives up what makes no progress. */
    private static final Duration BOOT = Duration.ofMinutes(10);

    static {
        Awaitility.setDefaultTimeout(Patience.SOON);
    }

    private final Path data;
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    private final List<String> options;
    private final Path console;
    private final Process watchdog;
    private Process launcher;
    private URI url;
    private final String password;
    private String masters;

    /** One line of {@code setup/status}; the pid is -1 without a process. */
    record Component(String state, long pid, String address) {}

    private TestCluster(
            Path data, Map<String, String> settings, Map<String, String> environment, List<String> options) {
        this.data = data;
        this.settings = Map.copyOf(settings);
        this.environment = Map.copyOf(environment);
        this.options = List.copyOf(options);
        console = data.resolveSibling(data.getFileName() + ".console.txt");
        watchdog = watch(data);
        launcher = launch(this.options);
        Matcher welcome = awaitWelcome();
        url = meet(welcome);
        password = welcome.group(2);
        masters = welcome.group(3);
    }

    /**
     * Boots one and returns when it is ready.
     *
     * @param name of its directory; the process's id is added
     * @param settings name and value, as they are written into the file {@code settings} of the data directory; for all
     *     components, or for one ({@code m1:NAME})
     * @param environment what to add to this process's own, {@link #SHORT_LIVED} if anything
     * @param options of {@code setup/start}
     */
    static TestCluster boot(
            String name, Map<String, String> settings, Map<String, String> environment, String... options) {
        Path data = folder(name);
        write(data, settings);
        return new TestCluster(data, settings, environment, List.of(options));
    }

    /** The data directory of one that is booted, or will be, by this process under that name. */
    static Path folder(String name) {
        return SCRATCH.resolve(name + "-" + ProcessHandle.current().pid());
    }

    /** The settings that it was booted with. */
    Map<String, String> settings() {
        return settings;
    }

    /** Adds to the settings of the components, from the next start of each on; earlier additions are gone. */
    void settings(Map<String, String> more) {
        var all = new HashMap<>(settings);
        all.putAll(more);
        write(data, all);
    }

    private static void write(Path data, Map<String, String> settings) {
        try {
            Files.createDirectories(data);
            Files.write(
                    data.resolve("settings"),
                    settings.entrySet().stream()
                            .map(setting -> setting.getKey() + "=" + setting.getValue())
                            .sorted()
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Base URLs of all masters, by name. */
    Map<String, URI> masters() {
        var masters = new LinkedHashMap<String, URI>();
        status().forEach((name, component) -> {
            if (name.matches("m\\d")) {
                masters.put(name, URI.create(component.address()));
            }
        });
        return masters;
    }

    /** Starts it again on its data, after {@link #close} or an interrupt. */
    void bootAgain() {
        bootAgain(options.toArray(String[]::new));
    }

    /** The same with other options. */
    void bootAgain(String... other) {
        launcher = launch(List.of(other));
        Matcher welcome = awaitWelcome();
        url = meet(welcome);
        masters = welcome.group(3);
    }

    private URI meet(Matcher welcome) {
        URI console = URI.create(welcome.group(1));
        if (console.getScheme().equals("https")) {
            Trust.add(authority());
        }
        return console;
    }

    /** What clients of this cluster trust. */
    Path authority() {
        return data.resolve("ca.pem");
    }

    /** Where the identities of its components are. */
    Path identities() {
        return data.resolve("secrets/tls");
    }

    URI url() {
        return url;
    }

    Path data() {
        return data;
    }

    String password() {
        return password;
    }

    ProcessHandle launcher() {
        return launcher.toHandle();
    }

    /** A client signed in as the administrator. */
    Http http() {
        return Http.signedInAs("admin", password);
    }

    /** {@code /api/v1/…} of the master. */
    URI api(String path) {
        return url.resolve("/api/v1/" + path);
    }

    /** The address of a file, folder or whatever is named by {@code namespace/path}, at the master. */
    URI api(String resource, String name) {
        return api(resource + "/" + encode(name));
    }

    /** Percent-encodes all but slashes. */
    static String encode(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20").replace("%2F", "/");
    }

    /** {@code setup/client/holdfast}, signed in by environment, with a cache of its own. */
    Program client(String... arguments) {
        return Program.of(SCRATCH, CHECKOUT.resolve("setup/client/holdfast").toString())
                .and(arguments)
                .with(Map.of(
                        "HOLDFAST_MASTERS",
                        masters,
                        "HOLDFAST_USER",
                        "admin",
                        "HOLDFAST_PASSWORD",
                        password,
                        "HOLDFAST_CACERT",
                        url.getScheme().equals("https") ? authority().toString() : "",
                        "XDG_CACHE_HOME",
                        data.resolveSibling("cache").toString(),
                        "XDG_CONFIG_HOME",
                        data.resolveSibling("config").toString()));
    }

    /** Runs the client script; fails unless it ends with 0. */
    String holdfast(String... arguments) {
        return client(arguments).run().ok();
    }

    /** {@code setup/NAME … --data DATA}. */
    Program setup(String script, String... arguments) {
        return Program.of(SCRATCH, CHECKOUT.resolve("setup").resolve(script).toString())
                .and(arguments)
                .and("--data", data.toString())
                .with(Map.of("HOLDFAST_BUILD", "never"));
    }

    /** Answers of one SQL statement: lines of cells, header left out. */
    List<List<String>> sql(String statement) {
        return setup("sql", statement)
                .run()
                .ok()
                .lines()
                .skip(1)
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
    }

    /** {@code setup/node VERB NAME}. */
    void node(String verb, String name) {
        setup("node", verb, name).run().ok();
    }

    Map<String, Component> status() {
        var components = new LinkedHashMap<String, Component>();
        setup("status")
                .run()
                .ok()
                .lines()
                .skip(1)
                .filter(line -> !line.startsWith("warning: "))
                .takeWhile(line -> !line.isBlank())
                .forEach(line -> {
                    String[] cells = line.split("\\s+", 6);
                    long pid = cells[2].equals("-") ? -1 : Long.parseLong(cells[2]);
                    components.put(cells[0], new Component(cells[1], pid, cells[3]));
                });
        return components;
    }

    Component component(String name) {
        return Optional.ofNullable(status().get(name)).orElseThrow(() -> new AssertionError("no component " + name));
    }

    /** The base URL of a component that speaks HTTP. */
    URI urlOf(String name) {
        return URI.create(component(name).address());
    }

    /** The same server, or a line to it, on another port of this machine. */
    static URI onPort(URI server, int port) {
        return URI.create(server.getScheme() + "://127.0.0.1:" + port);
    }

    /** SIGKILL, straight to the process, as the kernel would send it; returns when it is gone. */
    void kill(String name) {
        kill(component(name).pid());
    }

    /** SIGKILL to a pid that was looked up before, for moments that must not be missed. */
    static void kill(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        await().until(() -> !process.isAlive());
    }

    /** Starts every component that does not run, and waits until the master sees all nodes running. */
    void heal() {
        status().forEach((name, component) -> {
            if (component.state().equals("paused")) {
                node("resume", name);
            } else if (component.pid() < 0) {
                node("start", name);
            }
        });
        awaitAllNodesRunning();
    }

    void awaitAllNodesRunning() {
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(nodeStates())
                        .isNotEmpty()
                        .allSatisfy(
                                (name, status) -> assertThat(status).as(name).isEqualTo("running")));
    }

    /** What the master sees of every node. */
    Map<String, String> nodeStates() {
        var states = new LinkedHashMap<String, String>();
        for (var node : http().get(api("nodes")).expect(200).json().getJsonArray("nodes")) {
            states.put(
                    node.asJsonObject().getString("name"), node.asJsonObject().getString("status"));
        }
        return states;
    }

    /** Ends a node and runs the same program in its stead, with more in its environment. */
    Process takeOver(String node, Map<String, String> environment) {
        List<String> words = commandWords(component(node).pid());
        node("stop", node);
        // Otherwise whoever waits for it to run is told of the one that has just ended.
        awaitStatus(node, "down");
        Path log = data.resolve("logs").resolve(node + "-again.log");
        return new Program(words, environment, data.resolve("run/payara").resolve(node), Duration.ofMinutes(2))
                .start(log, log);
    }

    void awaitStatus(String node, String status) {
        await().ignoreExceptions().untilAsserted(() -> assertThat(nodeStates()).containsEntry(node, status));
    }

    /** As a person does, again when the node's own look at its disk, each 2 s, was older than the repair. */
    void putBack(String node) {
        await().pollInterval(Duration.ofSeconds(1)).until(() -> {
            String status = nodeStates().getOrDefault(node, "unknown");
            if (status.equals("failed")) {
                holdfast("node", "online", node);
            }
            return status.equals("running");
        });
    }

    /** Deletes a folder with all that is in it. */
    static void delete(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All processes that have this cluster's directory on their command line, the launcher's apart. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != watchdog.pid())
                .filter(process -> commandLine(process.pid()).contains(data.toString()))
                .toList();
    }

    /** A process's words, or nothing when it is gone. */
    static List<String> commandWords(long pid) {
        try {
            String raw = Files.readString(Path.of("/proc/" + pid + "/cmdline"), UTF_8);
            return List.of(raw.split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String commandLine(long pid) {
        return String.join(" ", commandWords(pid));
    }

    /** Stops it as {@code setup/stop} does; its data stays. */
    void stop() {
        setup("stop").run().ok();
        awaitLauncherGone();
    }

    void awaitLauncherGone() {
        await().until(() -> !launcher.isAlive());
    }

    /** Stops it and deletes what is large; logs stay for whoever looks for a test's reason. */
    @Override
    public void close() {
        try {
            watchdog.getOutputStream().close();
            assertThat(watchdog.waitFor(120, TimeUnit.SECONDS))
                    .as("the cluster could be stopped")
                    .isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(processes()).as("processes left behind").isEmpty();
    }

    private Process launch(List<String> options) {
        var start = withSignals(setup("start", "--port", "0")
                .and(options.toArray(String[]::new))
                .with(environment));
        // The umask that forgives least: see PrivateFilesIT.
        var words = new ArrayList<>(List.of("sh", "-c", "umask 000; exec \"$@\"", "sh"));
        words.addAll(start.words());
        return new Program(words, start.environment(), start.folder(), start.limit())
                .start(console, console.resolveSibling(console.getFileName() + ".err"));
    }

    /** A JVM run in the background ignores Ctrl-C and hands that on; env, where it can, undoes it. */
    private static Program withSignals(Program program) {
        var words = new ArrayList<>(List.of("env", "--default-signal=INT"));
        if (Program.of(SCRATCH, "env", "--default-signal=INT", "true").run().exitCode() != 0) {
            return program;
        }
        words.addAll(program.words());
        return new Program(words, program.environment(), program.folder(), program.limit());
    }

    private Matcher awaitWelcome() {
        Pattern welcome = Pattern.compile(
                "console: +(https?://\\S+?)/?\\n.*password: (\\S+)\\n.*HOLDFAST_MASTERS=(\\S+)\\n", Pattern.DOTALL);
        await().atMost(BOOT)
                .until(() -> !launcher.isAlive()
                        || welcome.matcher(Files.readString(console)).find());
        try {
            Matcher found = welcome.matcher(Files.readString(console));
            assertThat(found.find())
                    .as("the cluster is up: %s", Files.readString(console))
                    .isTrue();
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process watch(Path data) {
        String script = "trap '' INT TERM HUP; cat >/dev/null; \"$1/setup/stop\" --data \"$2\";"
                + " rm -rf \"$2/nodes\" \"$2/mariadb\" \"$2/broker\"";
        var words = new ArrayList<>(List.of("sh", "-c", script, "watchdog", CHECKOUT.toString(), data.toString()));
        try {
            return new ProcessBuilder(words)
                    .redirectOutput(SCRATCH.resolve("watchdog.txt").toFile())
                    .redirectError(SCRATCH.resolve("watchdog.err").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path property(String name) {
        return Path.of(System.getProperty(name)).toAbsolutePath().normalize();
    }
}
