package org.holdfast.setup;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What {@code setup/start} was asked for.
 *
 * @param nodes storage nodes, 1..{@value Ports#MAX_NODES}
 * @param masters masters, 1..{@value Ports#MAX_MASTERS}; one of them leads
 * @param data the data directory, absolute
 * @param reach where it is reached
 * @param plaintext no TLS, for looking into the talk between components
 * @param reset begin with an empty cluster: wipe the data directory first
 * @param limits when to refuse and when to give up
 */
public record StartOptions(
        int nodes, int masters, Path data, Reach reach, boolean plaintext, boolean reset, Limits limits) {

    /**
     * When to refuse and when to give up.
     *
     * @param minFreeBytes refuse to start with less room than this on the data directory's disk
     * @param patience give a component up that stands still for so long
     * @param restarts whether what dies by itself is started again
     */
    public record Limits(long minFreeBytes, Duration patience, boolean restarts) {}

    /** One gibibyte: MariaDB's own files take 200 MiB, logs up to 100 MiB, and a store with no room stores nothing. */
    static final long DEFAULT_MIN_FREE_BYTES = 1L << 30;

    /** Longer than a healthy component of a crowded machine goes without a line in its log or CPU time. */
    static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(1);

    /** Shorter ones would give up what merely waits for a disk, longer ones serve nobody. */
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(1);

    private static final Duration MOST_PATIENCE = Duration.ofDays(1);

    /** The line that a wrong command line is answered with. */
    public static final String USAGE =
            "usage: setup/start [--nodes N] [--data DIR] [--port P] [--listen ADDRESS] [--name HOST] [--plaintext] [--reset]"
                    + " [--masters N] [--min-free-mib M] [--patience D] [--no-restart]";

    /**
     * Reads the command line; {@code --name value} and {@code --name=value} are both understood.
     *
     * @param defaultData where the data goes without {@code --data}
     * @throws Refusal with exit code 2 for anything that is not an option or not a sensible value
     */
    public static StartOptions parse(List<String> arguments, Path defaultData) {
        int nodes = 3;
        int masters = 1;
        Path data = defaultData;
        int port = Ports.DEFAULT_BASE;
        Optional<String> listen = Optional.empty();
        Optional<String> name = Optional.empty();
        boolean plaintext = false;
        boolean reset = false;
        long minFreeBytes = DEFAULT_MIN_FREE_BYTES;
        Duration patience = DEFAULT_PATIENCE;
        boolean restarts = true;
        Deque<String> rest = new ArrayDeque<>();
        arguments.forEach(argument -> addSplit(argument, rest));
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            switch (option) {
                case "--nodes" -> nodes = number(option, rest, 1, Ports.MAX_NODES);
                case "--masters" -> masters = number(option, rest, 1, Ports.MAX_MASTERS);
                case "--data" -> data = Path.of(value(option, rest));
                case "--port" -> port = number(option, rest, 0, Ports.MAX_BASE);
                case "--listen" -> listen = Optional.of(value(option, rest));
                case "--name" -> name = Optional.of(value(option, rest));
                case "--plaintext" -> plaintext = true;
                case "--reset" -> reset = true;
                case "--min-free-mib" -> minFreeBytes = (long) number(option, rest, 0, Integer.MAX_VALUE) << 20;
                case "--patience" -> patience = duration(option, rest);
                case "--no-restart" -> restarts = false;
                default -> throw Refusal.usage("unknown option " + option + "\n" + USAGE);
            }
        }
        if (port > 0 && port < 1024) {
            throw Refusal.usage("--port " + port + " is a privileged port; take 1024 or more, or 0 for any free block");
        }
        Reach reach = Reach.of(listen, name, port);
        if (plaintext && !reach.isForThisMachineOnly()) {
            throw Refusal.usage(
                    "--plaintext is for this machine alone: without TLS, passwords and files could be read on"
                            + " their way; leave it out, or --listen");
        }
        return new StartOptions(
                nodes,
                masters,
                data.toAbsolutePath().normalize(),
                reach,
                plaintext,
                reset,
                new Limits(minFreeBytes, patience, restarts));
    }

    private static void addSplit(String argument, Deque<String> rest) {
        int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
        if (equals < 0) {
            rest.add(argument);
        } else {
            rest.add(argument.substring(0, equals));
            rest.add(argument.substring(equals + 1));
        }
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty() || rest.getFirst().isEmpty()) {
            throw Refusal.usage(option + " needs a value\n" + USAGE);
        }
        return rest.removeFirst();
    }

    private static int number(String option, Deque<String> rest, int min, int max) {
        String text = value(option, rest);
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw Refusal.usage(option + " takes a number, not \"" + text + "\"");
        }
        throw Refusal.usage(option + " takes a number from " + min + " to " + max + ", not " + text);
    }

    /** {@code 90}, {@code 90s}, {@code 2m}, {@code 1h} or ISO 8601. */
    private static Duration duration(String option, Deque<String> rest) {
        String text = value(option, rest);
        String iso = text.matches("\\d+") ? "PT" + text + "S" : text.matches("\\d+[smh]") ? "PT" + text : text;
        try {
            Duration duration = Duration.parse(iso);
            if (duration.compareTo(LEAST_PATIENCE) >= 0 && duration.compareTo(MOST_PATIENCE) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw Refusal.usage(option + " takes a duration such as 90s, 2m or PT90S, not \"" + text + "\"");
        }
        throw Refusal.usage(option + " takes a duration from 1 s to 1 day, not " + text);
    }
}
