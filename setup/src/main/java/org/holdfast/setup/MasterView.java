package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Storage nodes and last events as the first master that answers sees them.
 *
 * @param urls base URLs of the masters
 * @param password file with the administrator's password
 */
record MasterView(List<String> urls, Path password) {
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int EVENTS = 5;
    /** A node with little on its disk needs less, whatever it is seen as until then. */
    private static final Duration NODES_WITHIN = Duration.ofSeconds(10);

    private static final Duration POLL_EVERY = Duration.ofMillis(200);

    /** What becomes {@code running} by itself, if a person wants it to be used. */
    private static final Set<String> COMING = Set.of("joining", "verifying", "down");

    private static final Set<String> IN_USE = Set.of("in_service", "draining");
    private static final Pattern RUNNING = Pattern.compile("\"nodesRunning\":\"(\\d+)\"");

    /** What {@code holdfast nodes} is for, and what is shown for the processes already. */
    private static final Set<String> LEFT_OUT = Set.of("zone", "capacityBytes", "usedBytes", "freeBytes", "url", "id");

    /** Two tables, each after an empty line; or one sentence when no master answers. */
    String text() {
        String complaint = "no master answers";
        for (String url : urls) {
            try {
                return "\n" + table(ask(url + "/api/v1/nodes")) + "\n"
                        + table(ask(url + "/api/v1/events?limit=" + EVENTS));
            } catch (IOException e) {
                complaint = String.valueOf(e.getMessage());
            }
        }
        return "\n(" + complaint + ")\n";
    }

    /**
     * Waits until the first master counts on this many storage nodes, as long as the others are on their way, and tells
     * of it. False when they are not, or after the patience: a full disk is verified for hours. Ends at once when all ends.
     */
    boolean awaitNodes(int wanted, Duration patience, Progress progress, BooleanSupplier isEnding) {
        long beginNanos = System.nanoTime();
        var moments = new SlowMoments(patience);
        while (!isEnding.getAsBoolean() && running() < wanted) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beginNanos);
            boolean isLong = elapsed.compareTo(NODES_WITHIN) >= 0;
            List<String> coming = isLong ? coming() : List.of();
            if (elapsed.compareTo(patience) >= 0 || (isLong && coming.isEmpty())) {
                return false;
            }
            if (moments.hasCome(elapsed)) {
                progress.slow("nodes", "come up", elapsed, String.join(", ", coming));
            }
            try {
                Thread.sleep(POLL_EVERY.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Names and states of the nodes that are on their way to be used. */
    private List<String> coming() {
        try {
            return coming(ask(urls.get(0) + "/api/v1/nodes"));
        } catch (IOException e) {
            return List.of("no master answers");
        }
    }

    static List<String> coming(String lines) {
        List<List<String>> rows = rows(lines);
        List<String> header = rows.get(0);
        int name = header.indexOf("name");
        int status = header.indexOf("status");
        int adminState = header.indexOf("adminState");
        return rows.stream()
                .skip(1)
                .filter(row -> COMING.contains(row.get(status)) && IN_USE.contains(row.get(adminState)))
                .map(row -> row.get(name) + " " + row.get(status))
                .toList();
    }

    private static List<List<String>> rows(String lines) {
        return lines.lines().map(line -> List.of(line.split("\t", -1))).toList();
    }

    private int running() {
        try {
            Matcher told = RUNNING.matcher(ask(urls.get(0) + "/health/ready"));
            return told.find() ? Integer.parseInt(told.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private String ask(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        String pair = "admin:" + Secrets.read(password);
        connection.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
        connection.setRequestProperty("Accept", "text/tab-separated-values");
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), UTF_8);
        } finally {
            connection.disconnect();
        }
    }

    /** Tab-separated lines with a header, without the columns that are left out. */
    static String table(String lines) {
        List<List<String>> rows = rows(lines);
        List<String> header = rows.get(0);
        List<List<String>> cells = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> kept = new ArrayList<>();
            for (int column = 0; column < header.size(); column++) {
                if (!LEFT_OUT.contains(header.get(column))) {
                    String cell = column < row.size() ? row.get(column) : "-";
                    kept.add(cells.isEmpty() ? cell.toUpperCase(java.util.Locale.ROOT) : cell);
                }
            }
            cells.add(kept);
        }
        return StatusTable.table(cells);
    }
}
