package org.holdfast.master.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * Chooses the nodes for a file's copies.
 *
 * <p>With {@link PlacementPolicy#HASH}, the file goes to the node with the next higher hash than the file's own; when
 * no node's hash is higher, to the node with the highest. Should that node not take the file, the same rule chooses
 * among the others: upwards from the file's hash, and from the top downwards once there is nothing above. The order
 * hence never depends on whether a node was left out beforehand or refused afterwards. See ADR 0010.
 */
public final class Placement {
    /** The size of a file whose length its sender does not know. No node is left out for it. */
    public static final long UNKNOWN_SIZE = -1;

    private final ToLongFunction<String> hash;

    Placement(ToLongFunction<String> hash) {
        this.hash = hash;
    }

    /**
     * The nodes that a new file is offered to, in this order; the first that takes it becomes the file's origin.
     *
     * @param fileName full name of the file: namespace, slash, path. With the last segment alone, every
     *     {@code index.html} would lie on one node
     * @param nodes the nodes that may take new files, in any order
     * @param sizeBytes size of the file, or {@link #UNKNOWN_SIZE}; nodes with less room are left out
     * @param random source of chance, used by {@link PlacementPolicy#RANDOM} only
     * @return names of nodes; empty when none has room
     */
    public static List<String> primaries(
            PlacementPolicy policy, String fileName, List<Candidate> nodes, long sizeBytes, RandomGenerator random) {
        return inOrder(new Wish(policy, fileName, sizeBytes), nodes, random).stream()
                .map(Candidate::name)
                .toList();
    }

    /**
     * The nodes with room for a file, in the order in which the policy would have them; of a file's further copies, each
     * goes to the first that {@link CopyPlan} finds in the emptiest failure domain.
     *
     * @param wish the file
     * @param nodes the nodes that may take new files, in any order
     * @param random source of chance, used by {@link PlacementPolicy#RANDOM} only
     */
    public static List<Candidate> inOrder(Wish wish, List<Candidate> nodes, RandomGenerator random) {
        return new Placement(StableHash::of).order(wish.policy, wish.fileName, withRoom(nodes, wish.sizeBytes), random);
    }

    /**
     * A file that needs nodes.
     *
     * @param policy its namespace's
     * @param fileName full name of the file, as for {@link #primaries}
     * @param sizeBytes size of the file, or {@link #UNKNOWN_SIZE}; nodes with less room are left out
     */
    public record Wish(PlacementPolicy policy, String fileName, long sizeBytes) {}

    /** All the nodes, in the order in which the policy would have them. */
    List<Candidate> order(PlacementPolicy policy, String fileName, List<Candidate> nodes, RandomGenerator random) {
        return switch (policy) {
            case RANDOM -> shuffled(nodes, random);
            case HASH -> byHash(hash.applyAsLong(fileName), nodes);
        };
    }

    /** Fisher–Yates (Durstenfeld, CACM 1964): every order is equally likely. */
    private static List<Candidate> shuffled(List<Candidate> nodes, RandomGenerator random) {
        // Sorted first, so that the result depends on the generator alone and not on the database's row order.
        List<Candidate> order = new ArrayList<>(nodes);
        order.sort(Comparator.comparing(Candidate::name));
        for (int last = order.size() - 1; last > 0; last--) {
            int chosen = random.nextInt(last + 1);
            Candidate moved = order.get(last);
            order.set(last, order.get(chosen));
            order.set(chosen, moved);
        }
        return order;
    }

    private List<Candidate> byHash(long fileHash, List<Candidate> nodes) {
        // Nodes whose hashes are equal stand in order of name, so that every master decides alike.
        Comparator<Candidate> upwards = Comparator.<Candidate, Long>comparing(
                        node -> hash.applyAsLong(node.name()), Long::compareUnsigned)
                .thenComparing(Candidate::name);
        List<Candidate> above = new ArrayList<>();
        List<Candidate> below = new ArrayList<>();
        for (Candidate node : nodes) {
            boolean higher = Long.compareUnsigned(hash.applyAsLong(node.name()), fileHash) > 0;
            (higher ? above : below).add(node);
        }
        above.sort(upwards);
        below.sort(upwards.reversed());
        above.addAll(below);
        return above;
    }

    private static List<Candidate> withRoom(List<Candidate> nodes, long sizeBytes) {
        return nodes.stream()
                .filter(node -> node.freeBytes() >= sizeBytes || sizeBytes < 0)
                .toList();
    }
}
