package org.holdfast.master.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;

/**
 * Which bytes to move so that all nodes are about equally full: a pure function.
 *
 * <p>A node's fill is its share of what it could hold. While the fullest and the emptiest node lie further apart than
 * allowed, the fullest gives to the emptiest as much as brings one of them to the average of all. Every move settles a
 * node, so there are fewer moves than nodes, no node both gives and takes, and no byte moves twice.
 */
public final class Balance {
    private Balance() {}

    /**
     * How full a node is.
     *
     * @param node its name
     * @param usedBytes what its copies take
     * @param freeBytes what it can still take
     */
    public record Load(String node, long usedBytes, long freeBytes) {
        long roomBytes() {
            return usedBytes + freeBytes;
        }

        double fill() {
            return roomBytes() == 0 ? 0 : (double) usedBytes / roomBytes();
        }

        /** By how many whole bytes it is above the average; below 0 when it is emptier. */
        long above(double average) {
            return usedBytes - Math.round(average * roomBytes());
        }

        Load plus(long bytes) {
            return new Load(node, usedBytes + bytes, freeBytes - bytes);
        }
    }

    /** Bytes that go from one node to another. */
    public record Move(String from, String to, long bytes) {}

    /**
     * Plans.
     *
     * @param loads the nodes that may give and take, in any order
     * @param spread by how much the fills may differ, from 0 to 1; 0.05 is five per cent
     */
    public static List<Move> plan(List<Load> loads, double spread) {
        long used = loads.stream().mapToLong(Load::usedBytes).sum();
        long room = loads.stream().mapToLong(Load::roomBytes).sum();
        List<Move> moves = new ArrayList<>();
        if (room == 0) {
            return moves;
        }
        double average = (double) used / room;
        List<Load> left = new ArrayList<>(loads);
        Comparator<Load> byFill = Comparator.comparingDouble(Load::fill).thenComparing(Load::node);
        while (true) {
            Optional<Load> fullest =
                    left.stream().filter(load -> load.above(average) > 0).max(byFill);
            Optional<Load> emptiest =
                    left.stream().filter(load -> load.above(average) < 0).min(byFill);
            if (fullest.isEmpty() || emptiest.isEmpty() || isWithin(left, spread)) {
                return moves;
            }
            long bytes = Math.min(fullest.get().above(average), -emptiest.get().above(average));
            moves.add(new Move(fullest.get().node, emptiest.get().node, bytes));
            left.set(left.indexOf(fullest.get()), fullest.get().plus(-bytes));
            left.set(left.indexOf(emptiest.get()), emptiest.get().plus(bytes));
        }
    }

    private static boolean isWithin(List<Load> loads, double spread) {
        // A node without any room is neither full nor empty.
        DoubleSummaryStatistics fills = loads.stream()
                .filter(load -> load.roomBytes() > 0)
                .mapToDouble(Load::fill)
                .summaryStatistics();
        return fills.getMax() - fills.getMin() <= spread;
    }
}
