package org.holdfast.systemtests.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kills a node of a running cluster and measures how long its copies take to be made again elsewhere, and what clients
 * notice of it. Run {@code system-tests/benchmark-healing}, which starts the cluster.
 */
public final class HealingBenchmark {
    private static final int FILES = 2_000;
    private static final int NODES = 4;
    private static final int CLIENTS = 8;
    private static final int SMALL_BYTES = 4 * 1024;
    private static final String VICTIM = "sn2";

    private final URI master;
    private final Path node;
    private final Path data;
    private final String authorization;
    private final Duration turn;
    private final PrintStream out;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicLong names = new AtomicLong();
    private final byte[] pattern = new byte[256 * 1024];

    /** Of the node that was killed last. */
    private long missingBytes;

    private HealingBenchmark(URI master, String credentials, Path setup, Path data, Duration turn, PrintStream out) {
        this.master = master;
        this.node = setup.resolve("node");
        this.data = data;
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        this.turn = turn;
        this.out = out;
        new Random(1).nextBytes(pattern);
    }

    /** Arguments: master's URL, {@code user:password}, folder setup, data directory, seconds for a turn. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        new HealingBenchmark(
                        URI.create(arguments[0] + "/"),
                        arguments[1],
                        Path.of(arguments[2]),
                        Path.of(arguments[3]),
                        Duration.ofSeconds(Long.parseLong(arguments[4])),
                        System.out)
                .run();
    }

    private interface Operation {
        void once(Wire wire) throws IOException;
    }

    private void run() throws IOException, InterruptedException, ExecutionException {
        out.printf("%-34s %8s %9s %10s %8s%n", "copies of a killed node", "copies", "seconds", "copies/s", "MB/s");
        fill("small", SMALL_BYTES);
        heal("files of 4 KiB, no other load");
        fill("large", 1024 * 1024);
        double quietPuts = measure(this::put);
        double quietGets = measure(this::get);
        await("copiesMissing", 0);
        long lost = kill();
        long began = System.nanoTime();
        double puts = measure(this::put);
        double gets = measure(this::get);
        await("copiesMissing", 0);
        print("files of 1 MiB and less, with load", lost, began);
        out.printf(Locale.ROOT, "%n%-34s %12s %12s %8s%n", CLIENTS + " clients", "without", "healing", "ratio");
        out.printf(
                Locale.ROOT,
                "%-34s %10.0f/s %10.0f/s %8.2f%n",
                "PUT 4 KiB, one step",
                quietPuts,
                puts,
                puts / quietPuts);
        out.printf(
                Locale.ROOT,
                "%-34s %10.0f/s %10.0f/s %8.2f%n",
                "GET 4 KiB, redirect and bytes",
                quietGets,
                gets,
                gets / quietGets);
    }

    private void fill(String prefix, int bytes) throws IOException, InterruptedException, ExecutionException {
        var next = new AtomicLong();
        inParallel(wire -> {
            for (long file = next.getAndIncrement(); file < FILES; file = next.getAndIncrement()) {
                require(wire.send("PUT", files(prefix + file), authorization, new Wire.Body(pattern, bytes)), 201);
            }
        });
        await("copiesMissing", 0);
    }

    private void heal(String name) throws IOException, InterruptedException {
        long lost = kill();
        long began = System.nanoTime();
        await("copiesMissing", 0);
        print(name, lost, began);
        node("start");
        await("nodesRunning", NODES);
    }

    /** Kills a node and waits for the end of the hold-off; returns how many copies are missing then. */
    private long kill() throws IOException, InterruptedException {
        long killed = System.nanoTime();
        node("kill");
        await("nodesRunning", NODES - 1);
        out.printf(
                Locale.ROOT, "%-34s %18.1f%n", "noticed, from the order to kill", (System.nanoTime() - killed) / 1e9);
        long missing = 0;
        while (missing == 0) {
            Thread.sleep(20);
            missing = told("copiesMissing");
            missingBytes = told("missingBytes");
        }
        return missing;
    }

    private void print(String name, long copies, long beganNanos) {
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        out.printf(
                Locale.ROOT,
                "%-34s %8d %9.1f %10.0f %8.1f%n",
                name,
                copies,
                seconds,
                copies / seconds,
                missingBytes / seconds / 1e6);
    }

    private void node(String verb) throws IOException, InterruptedException {
        int code = new ProcessBuilder(node.toString(), verb, VICTIM, "--data", data.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("setup/node " + verb + " " + VICTIM + " ended with " + code);
        }
    }

    private void await(String number, long wanted) throws IOException, InterruptedException {
        while (told(number) != wanted) {
            Thread.sleep(20);
        }
    }

    /** A number of {@code /api/v1/cluster}. */
    private long told(String number) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(master.resolve("api/v1/cluster"))
                .header("Authorization", authorization)
                .build();
        String json = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        Matcher found = Pattern.compile("\"" + number + "\":(\\d+)").matcher(json);
        if (!found.find()) {
            throw new IOException("no " + number + " in " + json);
        }
        return Long.parseLong(found.group(1));
    }

    /** Operations per second. */
    private double measure(Operation operation) throws IOException, InterruptedException, ExecutionException {
        var count = new AtomicLong();
        long began = System.nanoTime();
        long end = began + turn.toNanos();
        inParallel(wire -> {
            while (System.nanoTime() < end) {
                operation.once(wire);
                count.incrementAndGet();
            }
        });
        return count.get() * 1e9 / (System.nanoTime() - began);
    }

    private static void inParallel(Operation operation) throws InterruptedException, ExecutionException {
        var pool = Executors.newFixedThreadPool(CLIENTS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            running.add(pool.submit(() -> {
                try (var wire = new Wire()) {
                    operation.once(wire);
                }
                return true;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        pool.shutdown();
    }

    private void put(Wire wire) throws IOException {
        URI uri = files("load" + names.incrementAndGet());
        require(wire.send("PUT", uri, authorization, new Wire.Body(pattern, SMALL_BYTES)), 201);
    }

    private void get(Wire wire) throws IOException {
        Wire.Reply redirect =
                wire.send("GET", files("small" + names.incrementAndGet() % FILES), authorization, Wire.Body.NONE);
        require(redirect, 307);
        URI bytes = URI.create(redirect.header("location").orElseThrow(() -> new IOException("no Location")));
        require(wire.send("GET", bytes, "", Wire.Body.NONE), 200);
    }

    private URI files(String name) {
        return master.resolve("api/v1/files/bench/" + name);
    }

    private static void require(Wire.Reply reply, int expected) throws IOException {
        if (reply.status() != expected) {
            throw new IOException("unexpected answer " + reply);
        }
    }
}
