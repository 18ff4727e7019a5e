package org.holdfast.setup;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What {@code setup/start} was asked for.
 *
 * @param nodes storage nodes, 1..{@value Ports#MAX_NODES}
 * @param masters masters, 1..{@value Ports#MAX_MASTERS}; one of them leads
 * @param data the data directory, absolute
 * @param port the first port of the block of 100, or 0 for "find a free block"
 * @param plaintext no TLS, for looking into the talk between components
 * @param reset begin with an empty cluster: wipe the data directory first
 * @param minFreeBytes refuse to start with less room than this on the data directory's disk
 */
public record StartOptions(
        int nodes, int masters, Path data, int port, boolean plaintext, boolean reset, long minFreeBytes) {

    /** One gibibyte: MariaDB's own files take 200 MiB, logs up to 100 MiB, and a store with no room stores nothing. */
    static final long DEFAULT_MIN_FREE_BYTES = 1L << 30;

    /** The line that a wrong command line is answered with. */
    public static final String USAGE =
            "usage: setup/start [--nodes N] [--data DIR] [--port P] [--plaintext] [--reset] [--masters N]"
                    + " [--min-free-mib M]";

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
        boolean plaintext = false;
        boolean reset = false;
        long minFreeBytes = DEFAULT_MIN_FREE_BYTES;
        Deque<String> rest = new ArrayDeque<>();
        arguments.forEach(argument -> addSplit(argument, rest));
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            switch (option) {
                case "--nodes" -> nodes = number(option, rest, 1, Ports.MAX_NODES);
                case "--masters" -> masters = number(option, rest, 1, Ports.MAX_MASTERS);
                case "--data" -> data = Path.of(value(option, rest));
                case "--port" -> port = number(option, rest, 0, Ports.MAX_BASE);
                case "--plaintext" -> plaintext = true;
                case "--reset" -> reset = true;
                case "--min-free-mib" -> minFreeBytes = (long) number(option, rest, 0, Integer.MAX_VALUE) << 20;
                default -> throw Refusal.usage("unknown option " + option + "\n" + USAGE);
            }
        }
        if (port > 0 && port < 1024) {
            throw Refusal.usage("--port " + port + " is a privileged port; take 1024 or more, or 0 for any free block");
        }
        return new StartOptions(
                nodes, masters, data.toAbsolutePath().normalize(), port, plaintext, reset, minFreeBytes);
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
}
