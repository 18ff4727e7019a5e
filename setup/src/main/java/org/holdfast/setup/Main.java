package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The launcher behind {@code setup/start}: runs a whole cluster in the foreground until it is told to end, by a signal
 * or by {@code setup/stop}, and then leaves no process behind.
 *
 * <p>System property {@code holdfast.checkout}: the checkout whose build is run. Environment {@code HOLDFAST_DATA}: the
 * data directory, unless {@code --data} says another. Exit codes: 0 ended as told, 1 refused (one sentence on standard
 * error), 2 wrong usage.
 */
public final class Main {
    private static final Duration BETWEEN_ROTATIONS = Duration.ofMinutes(1);
    private static final Duration FIRST_RESTART = Duration.ofSeconds(1);

    private final PrintStream out;
    private final StartOptions options;
    private final Checkout checkout;
    private final SecureRandom random = new SecureRandom();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService restarting = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "restart");
        thread.setDaemon(true);
        return thread;
    });

    private Main(PrintStream out, StartOptions options, Checkout checkout) {
        this.out = out;
        this.options = options;
        this.checkout = checkout;
    }

    /** Runs the cluster; see {@link StartOptions#USAGE}. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, UTF_8);
        try {
            Path root = Path.of(System.getProperty("holdfast.checkout", "")).toAbsolutePath();
            String data = System.getenv().getOrDefault("HOLDFAST_DATA", "");
            StartOptions options =
                    StartOptions.parse(List.of(args), data.isEmpty() ? root.resolve("data") : Path.of(data));
            new Main(out, options, new Checkout(root)).run();
        } catch (Refusal e) {
            System.err.println("setup/start: " + e.sentence());
            System.exit(e.exitCode());
        }
        System.exit(0);
    }

    private void run() {
        checkout.requireBuilt();
        options.reach().requireLeadsHere();
        DataDir data = DataDir.at(options.data());
        if (!data.isMade()) {
            // Before anything is made: a start that is refused leaves no folder behind.
            choosePorts(data, Roster.load(data, options.nodes()));
        }
        if (!"never".equals(System.getenv("HOLDFAST_BUILD"))) {
            RecordClasses.unlessThere(checkout, out);
        }
        data.make();
        try (FileChannel lock = data.lock()) {
            List<String> ended = Leftovers.end(data);
            if (options.reset()) {
                data.wipe();
            }
            Roster roster = Roster.load(data, options.nodes());
            Ports ports = choosePorts(data, roster);
            roster.save(data);
            Progress progress = new Progress(out, data, Clock.systemUTC());
            if (!ended.isEmpty()) {
                progress.say("ended what an earlier launcher left behind: " + String.join(", ", ended));
            }
            Secrets secrets = Secrets.ensure(data.secrets(), random);
            runCluster(data, ports, roster, secrets, progress);
            if (!lock.isOpen()) {
                throw Refusal.failed("lost the lock of " + data.root());
            }
        } catch (IOException e) {
            throw Refusal.failed("cannot release the lock of " + data.root(), e);
        }
    }

    /** Refuses to go on without room or with a taken port. */
    private Ports choosePorts(DataDir data, Roster roster) {
        data.requireFreeBytes(options.limits().minFreeBytes());
        Ports ports = options.reach().port() == 0
                ? Ports.findFree()
                : new Ports(options.reach().port());
        requireFree(ports, roster, options);
        return ports;
    }

    private void runCluster(DataDir data, Ports ports, Roster roster, Secrets secrets, Progress progress) {
        Transport transport = Transport.of(options, data, random);
        Blueprint blueprint = new Blueprint(checkout, data, ports, secrets, transport, options, listener(progress));
        Cluster cluster = new Cluster(data, blueprint, roster, progress);
        var masters = new MasterView(blueprint.masterUrls(), secrets.adminPassword());
        var status = new Status(cluster, transport, masters);
        writePid(data);
        Thread atTheEnd = new Thread(() -> end(cluster, progress), "end");
        Runtime.getRuntime().addShutdownHook(atTheEnd);
        try (ControlServer control = ControlServer.start(data, ports.control(), status, random, () -> {
            stopped.countDown();
            // A start may go on for long, and ends only with what it waits for.
            new Thread(() -> end(cluster, progress), "stop").start();
        })) {
            cluster.startAll();
            if (!masters.awaitNodes(roster.nodes().size(), options.limits().patience(), progress, cluster::isEnding)) {
                progress.say("not every storage node takes files yet; setup/status says why");
            }
            if (!cluster.isEnding()) {
                progress.say(Welcome.text(checkout.root(), blueprint.masterUrls(), secrets, options));
                transport.warnings().forEach(warning -> progress.say("warning: " + warning));
            }
            keepLogsShort(cluster);
            stopped.await();
            end(cluster, progress);
            assert control != null;
        } catch (Refusal e) {
            if (!cluster.isEnding()) {
                progress.say("");
                end(cluster, progress);
                throw e;
            }
            // Stopped while it was starting: that is no failure.
            end(cluster, progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void later(Duration pause, Runnable task) {
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, restarting)
                .execute(task);
    }

    private void keepLogsShort(Cluster cluster) {
        later(BETWEEN_ROTATIONS, () -> {
            cluster.components().forEach(Component::keepLogShort);
            keepLogsShort(cluster);
        });
    }

    private Component.Listener listener(Progress progress) {
        return options.limits().restarts() ? new Restarts(progress, this::later, FIRST_RESTART) : progress;
    }

    private synchronized void end(Cluster cluster, Progress progress) {
        boolean isFirst = !cluster.isEnding();
        if (isFirst) {
            progress.say("stopping");
        }
        cluster.stopAll();
        cluster.forget();
        if (isFirst) {
            progress.say("stopped");
        }
    }

    /** Names the first taken port, whose it is to be, and what to do about it. */
    private static void requireFree(Ports ports, Roster roster, StartOptions options) {
        Map<Integer, String> wanted = new LinkedHashMap<>();
        for (int number = 1; number <= options.masters(); number++) {
            wanted.put(ports.master(number), "m" + number);
        }
        roster.nodes().forEach(number -> wanted.put(ports.node(number), "sn" + number));
        roster.workers().forEach(number -> wanted.put(ports.worker(number), "worker" + number));
        wanted.put(ports.mariaDb(), "MariaDB");
        wanted.put(ports.broker(), "the broker");
        wanted.put(ports.control(), "the launcher");
        List<Integer> taken =
                Ports.taken(new ArrayList<>(wanted.keySet()), options.reach().listen());
        if (!taken.isEmpty()) {
            int port = taken.get(0);
            throw Refusal.failed("port " + port + " (for " + wanted.get(port)
                    + ") is taken by another program; end that, or choose another block with --port P"
                    + " (--port 0 finds a free one)");
        }
    }

    private static void writePid(DataDir data) {
        Path file = data.run().resolve("launcher");
        try {
            Files.writeString(file, ProcessHandle.current().pid() + "\n", UTF_8);
        } catch (IOException e) {
            throw Refusal.failed("cannot write " + file, e);
        }
    }
}
