package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which storage nodes and workers belong to a data directory, by number: those asked for at a start and those added
 * since. A node once recorded comes back at each start, for it holds data, until the masters have removed it.
 *
 * @param nodes the numbers of the storage nodes
 * @param workers the numbers of the workers
 */
record Roster(SortedSet<Integer> nodes, SortedSet<Integer> workers) {
    private static final Pattern NAME = Pattern.compile("(sn|worker)([1-9]\\d?)");

    /** What is on record, with {@code sn1}…{@code sn<count>} and {@code worker1} added. */
    static Roster load(DataDir data, int count) {
        Roster roster = new Roster(new TreeSet<>(), new TreeSet<>());
        Path file = file(data);
        if (Files.exists(file)) {
            try {
                Files.readAllLines(file, UTF_8).forEach(roster::add);
            } catch (IOException e) {
                throw Refusal.failed("cannot read " + file, e);
            }
        }
        for (int number = 1; number <= count; number++) {
            roster.add("sn" + number);
        }
        roster.add("worker1");
        return roster;
    }

    /**
     * Adds a component by name.
     *
     * @throws Refusal when no component can have that name
     */
    void add(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw Refusal.usage("there is no component " + name + "; new ones are called sn1…sn" + Ports.MAX_NODES
                    + " or worker1…worker" + Ports.MAX_WORKERS);
        }
        int number = Integer.parseInt(matcher.group(2));
        boolean isNode = matcher.group(1).equals("sn");
        if (number > (isNode ? Ports.MAX_NODES : Ports.MAX_WORKERS)) {
            throw Refusal.usage(name + " is one too many; the last ones are sn" + Ports.MAX_NODES + " and worker"
                    + Ports.MAX_WORKERS);
        }
        (isNode ? nodes : workers).add(number);
    }

    /** Leaves a component out, by name; one that is not there is left out already. */
    void remove(String name) {
        Matcher matcher = NAME.matcher(name);
        if (matcher.matches()) {
            int number = Integer.parseInt(matcher.group(2));
            (matcher.group(1).equals("sn") ? nodes : workers).remove(number);
        }
    }

    /** Puts the roster on record for later starts. */
    void save(DataDir data) {
        try {
            Files.write(file(data), names(), UTF_8);
        } catch (IOException e) {
            throw Refusal.failed("cannot write " + file(data), e);
        }
    }

    /** The names, nodes first. */
    List<String> names() {
        return java.util.stream.Stream.of(names("sn", nodes), names("worker", workers))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> names(String prefix, Collection<Integer> numbers) {
        return numbers.stream().map(number -> prefix + number).toList();
    }

    private static Path file(DataDir data) {
        return data.root().resolve("components");
    }
}
