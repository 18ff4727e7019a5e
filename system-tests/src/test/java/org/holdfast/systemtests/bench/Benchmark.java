package org.holdfast.systemtests.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

/**
 * Puts and gets against a running cluster and against nginx, in turns, and prints a table with the ratio of each pair of
 * turns. Run {@code system-tests/benchmark}, which starts the cluster.
 */
public final class Benchmark {
    private static final int SMALL_BYTES = 4 * 1024;
    private static final long LARGE_BYTES = 256L * 1024 * 1024;
    private static final int KEPT = 64;

    private final URI master;
    private final URI nginx;
    private final String authorization;
    private final Duration turn;
    private final int turns;
    private final PrintStream out;
    private final AtomicLong names = new AtomicLong();
    private final byte[] pattern = new byte[256 * 1024];

    private Benchmark(URI master, URI nginx, String credentials, Duration turn, int turns, PrintStream out) {
        this.master = master;
        this.nginx = nginx;
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        this.turn = turn;
        this.turns = turns;
        this.out = out;
        new Random(1).nextBytes(pattern);
    }

    /** Arguments: master's URL, {@code user:password}, scratch folder, seconds for a turn, number of turns. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Path scratch = Files.createDirectories(Path.of(arguments[2]));
        try (Nginx nginx = Nginx.start(scratch)) {
            new Benchmark(
                            URI.create(arguments[0] + "/"),
                            nginx.base(),
                            arguments[1],
                            Duration.ofSeconds(Long.parseLong(arguments[3])),
                            Integer.parseInt(arguments[4]),
                            System.out)
                    .run();
        }
    }

    /** One operation of one client; returns the bytes that it moved. */
    private interface Operation {
        long once(Wire wire) throws IOException;
    }

    private void run() throws IOException, InterruptedException, ExecutionException {
        prepare();
        out.printf(
                "%-44s %8s %14s %14s   %s%n",
                "operation", "clients", "nginx", "holdfast", "holdfast / nginx (min median max)");
        for (int clients : new int[] {1, 32}) {
            compare("PUT 4 KiB, two steps", clients, false, this::nginxPutSmall, this::twoStepSmall);
            compare("PUT 4 KiB, one step", clients, false, this::nginxPutSmall, this::oneStepSmall);
            compare("GET 4 KiB, redirect and bytes", clients, false, this::nginxGetSmall, this::getSmall);
            compare("GET 4 KiB, bytes at the node", clients, false, this::nginxGetSmall, nodeGet("small"));
        }
        for (int clients : new int[] {1, 4}) {
            compare("PUT 256 MiB, two steps", clients, true, this::nginxPutLarge, this::twoStepLarge);
            compare("PUT 256 MiB, one step", clients, true, this::nginxPutLarge, this::oneStepLarge);
            compare("GET 256 MiB, redirect and bytes", clients, true, this::nginxGetLarge, this::getLarge);
        }
    }

    private void prepare() throws IOException {
        try (var wire = new Wire()) {
            for (int kept = 0; kept < KEPT; kept++) {
                require(wire.send("PUT", nginx.resolve("small" + kept), "", small()), 201, 204);
                require(wire.send("PUT", files("small" + kept), authorization, small()), 201);
            }
            require(wire.send("PUT", nginx.resolve("large"), "", large()), 201, 204);
            require(wire.send("PUT", files("large"), authorization, large()), 201);
        }
    }

    private void compare(String name, int clients, boolean large, Operation ours, Operation theirs)
            throws InterruptedException, ExecutionException {
        var unused1 = measure(clients, ours, turn.dividedBy(2));
        var unused2 = measure(clients, theirs, turn.dividedBy(2));
        List<Double> one = new ArrayList<>();
        List<Double> other = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < turns; round++) {
            double nginxRate = measure(clients, ours, turn);
            double holdfastRate = measure(clients, theirs, turn);
            one.add(nginxRate);
            other.add(holdfastRate);
            ratios.add(holdfastRate / nginxRate);
        }
        ratios.sort(null);
        out.printf(
                Locale.ROOT,
                "%-44s %8d %14s %14s   %.2f %.2f %.2f%n",
                name,
                clients,
                rate(median(one), large),
                rate(median(other), large),
                ratios.get(0),
                median(ratios),
                ratios.get(ratios.size() - 1));
    }

    private static String rate(double bytesPerSecond, boolean large) {
        return large
                ? String.format(Locale.ROOT, "%.0f MB/s", bytesPerSecond / 1e6)
                : String.format(Locale.ROOT, "%.0f /s", bytesPerSecond / SMALL_BYTES);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        sorted.sort(null);
        return sorted.get(sorted.size() / 2);
    }

    private static double measure(int clients, Operation operation, Duration time)
            throws InterruptedException, ExecutionException {
        var pool = Executors.newFixedThreadPool(clients);
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        List<Future<Long>> results = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            results.add(pool.submit(() -> {
                long bytes = 0;
                try (var wire = new Wire()) {
                    while (System.nanoTime() < end) {
                        bytes += operation.once(wire);
                    }
                }
                return bytes;
            }));
        }
        long total = 0;
        for (Future<Long> result : results) {
            total += result.get();
        }
        pool.shutdown();
        return total * 1e9 / (System.nanoTime() - begin);
    }

    private long nginxPutSmall(Wire wire) throws IOException {
        require(wire.send("PUT", nginx.resolve("p" + names.incrementAndGet() % 10_000), "", small()), 201, 204);
        return SMALL_BYTES;
    }

    private long nginxPutLarge(Wire wire) throws IOException {
        require(wire.send("PUT", nginx.resolve("l" + Thread.currentThread().getId()), "", large()), 201, 204);
        return LARGE_BYTES;
    }

    private long nginxGetSmall(Wire wire) throws IOException {
        return require(wire.send("GET", nginx.resolve(someSmall()), "", Wire.Body.NONE), 200);
    }

    private long nginxGetLarge(Wire wire) throws IOException {
        return require(wire.send("GET", nginx.resolve("large"), "", Wire.Body.NONE), 200);
    }

    private long oneStepSmall(Wire wire) throws IOException {
        require(wire.send("PUT", files("one/" + names.incrementAndGet()), authorization, small()), 201);
        return SMALL_BYTES;
    }

    private long oneStepLarge(Wire wire) throws IOException {
        require(wire.send("PUT", files("large-one" + Thread.currentThread().getId()), authorization, large()), 201);
        return LARGE_BYTES;
    }

    private long twoStepSmall(Wire wire) throws IOException {
        return twoStep(wire, "two/" + names.incrementAndGet(), small());
    }

    private long twoStepLarge(Wire wire) throws IOException {
        return twoStep(wire, "large-two" + Thread.currentThread().getId(), large());
    }

    private long twoStep(Wire wire, String name, Wire.Body body) throws IOException {
        URI uploads = master.resolve("api/v1/uploads/bench/" + name + "?size=" + body.lengthBytes());
        Wire.Reply ticket = wire.send("POST", uploads, authorization, Wire.Body.NONE);
        require(ticket, 201);
        require(wire.send("PUT", location(ticket), "", body), 201);
        return body.lengthBytes();
    }

    private long getSmall(Wire wire) throws IOException {
        return get(wire, someSmall());
    }

    private long getLarge(Wire wire) throws IOException {
        return get(wire, "large");
    }

    private long get(Wire wire, String name) throws IOException {
        Wire.Reply redirect = wire.send("GET", files(name), authorization, Wire.Body.NONE);
        require(redirect, 307);
        return require(wire.send("GET", location(redirect), "", Wire.Body.NONE), 200);
    }

    /** The node's part alone, with tickets that were asked for before. */
    private Operation nodeGet(String prefix) throws IOException {
        List<URI> tickets = new ArrayList<>();
        try (var wire = new Wire()) {
            for (int kept = 0; kept < KEPT; kept++) {
                Wire.Reply redirect = wire.send("GET", files(prefix + kept), authorization, Wire.Body.NONE);
                tickets.add(location(redirect));
            }
        }
        return wire ->
                require(wire.send("GET", tickets.get((int) (names.incrementAndGet() % KEPT)), "", Wire.Body.NONE), 200);
    }

    private String someSmall() {
        return "small" + names.incrementAndGet() % KEPT;
    }

    private URI files(String name) {
        return master.resolve("api/v1/files/bench/" + name);
    }

    private Wire.Body small() {
        return new Wire.Body(pattern, SMALL_BYTES);
    }

    private Wire.Body large() {
        return new Wire.Body(pattern, LARGE_BYTES);
    }

    private static URI location(Wire.Reply reply) throws IOException {
        return URI.create(reply.header("location").orElseThrow(() -> new IOException("no Location in " + reply)));
    }

    private static long require(Wire.Reply reply, int... expected) throws IOException {
        for (int status : expected) {
            if (reply.status() == status) {
                return reply.bodyBytes();
            }
        }
        throw new IOException("unexpected answer " + reply);
    }
}
