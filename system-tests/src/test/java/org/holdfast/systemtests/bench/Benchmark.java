package org.holdfast.systemtests.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Puts and gets against a running cluster and against nginx, in turns, and prints a table with the ratio of each pair of
 * turns. Run {@code system-tests/benchmark}, which starts the cluster.
 */
public final class Benchmark {
    private final Store store;
    private final Duration turn;
    private final int turns;
    private final PrintStream out;

    private Benchmark(Store store, Duration turn, int turns, PrintStream out) {
        this.store = store;
        this.turn = turn;
        this.turns = turns;
        this.out = out;
    }

    /**
     * Arguments: master's URL, {@code user:password}, seconds for a turn, number of turns; then a scratch folder, for a
     * comparison with nginx, or URL and {@code user:password} of another cluster, for one with that.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        var benchmark = new Benchmark(
                new Store(URI.create(arguments[0] + "/"), arguments[1]),
                Duration.ofSeconds(Long.parseLong(arguments[2])),
                Integer.parseInt(arguments[3]),
                System.out);
        if (arguments.length == 6) {
            benchmark.runAgainst(new Store(URI.create(arguments[4] + "/"), arguments[5]));
            return;
        }
        try (Nginx nginx = Nginx.start(Files.createDirectories(Path.of(arguments[4])))) {
            benchmark.runAgainst(new NginxFiles(nginx.base()));
        }
    }

    private void runAgainst(NginxFiles nginx) throws IOException, InterruptedException, ExecutionException {
        try (var wire = new Wire()) {
            nginx.prepare(wire);
            store.prepare(wire);
        }
        title("nginx", "holdfast");
        for (int clients : new int[] {1, 32}) {
            compare("PUT 4 KiB, two steps", clients, false, nginx::putSmall, store::twoStepSmall);
            compare("PUT 4 KiB, one step", clients, false, nginx::putSmall, store::oneStepSmall);
            compare("GET 4 KiB, redirect and bytes", clients, false, nginx::getSmall, store::getSmall);
            compare("GET 4 KiB, bytes at the node", clients, false, nginx::getSmall, store.nodeGet("small"));
        }
        for (int clients : new int[] {1, 4}) {
            compare("PUT 256 MiB, two steps", clients, true, nginx::putLarge, store::twoStepLarge);
            compare("PUT 256 MiB, one step", clients, true, nginx::putLarge, store::oneStepLarge);
            compare("GET 256 MiB, redirect and bytes", clients, true, nginx::getLarge, store::getLarge);
        }
    }

    private void runAgainst(Store other) throws IOException, InterruptedException, ExecutionException {
        try (var wire = new Wire()) {
            other.prepare(wire);
            store.prepare(wire);
        }
        title("other", "this");
        for (int clients : new int[] {1, 8}) {
            compare("PUT 4 KiB, two steps", clients, false, other::twoStepSmall, store::twoStepSmall);
            compare("PUT 4 KiB, one step", clients, false, other::oneStepSmall, store::oneStepSmall);
            compare("GET 4 KiB, redirect and bytes", clients, false, other::getSmall, store::getSmall);
            compare("GET 4 KiB, a connection each", clients, false, fresh(other::getSmall), fresh(store::getSmall));
        }
        for (int clients : new int[] {1, 4}) {
            compare("PUT 256 MiB, two steps", clients, true, other::twoStepLarge, store::twoStepLarge);
            compare("PUT 256 MiB, one step", clients, true, other::oneStepLarge, store::oneStepLarge);
            compare("GET 256 MiB, redirect and bytes", clients, true, other::getLarge, store::getLarge);
        }
    }

    /** As a client that keeps no connection, such as curl run once for each file. */
    private static Store.Operation fresh(Store.Operation operation) {
        return unused -> {
            try (var wire = new Wire()) {
                return operation.once(wire);
            }
        };
    }

    private void title(String baseline, String measured) {
        out.printf(
                "%-44s %8s %14s %14s   %s%n",
                "operation", "clients", baseline, measured, measured + " / " + baseline + " (min median max)");
    }

    private void compare(String name, int clients, boolean large, Store.Operation ours, Store.Operation theirs)
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
                : String.format(Locale.ROOT, "%.0f /s", bytesPerSecond / Store.SMALL_BYTES);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        sorted.sort(null);
        return sorted.get(sorted.size() / 2);
    }

    private static double measure(int clients, Store.Operation operation, Duration time)
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
}
