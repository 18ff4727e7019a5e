package org.holdfast.master.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
        // Nodes without room for anything can neither give nor take.
        List<Load> left =
                new ArrayList<>(loads.stream().filter(load -> load.roomBytes() > 0).toList());
        Comparator<Load> byFill = Comparator.comparingDouble(Load::fill).thenComparing(Load::node);
        for (int settled = 1; settled < left.size(); settled++) {
            Load fullest = left.stream().max(byFill).orElseThrow();
            Load emptiest = left.stream().min(byFill).orElseThrow();
            long bytes = Math.min(
                    fullest.usedBytes - Math.round(average * fullest.roomBytes()),
                    Math.round(average * emptiest.roomBytes()) - emptiest.usedBytes);
            if (fullest.fill() - emptiest.fill() <= spread || bytes <= 0) {
                break;
            }
            moves.add(new Move(fullest.node, emptiest.node, bytes));
            left.set(left.indexOf(fullest), fullest.plus(-bytes));
            left.set(left.indexOf(emptiest), emptiest.plus(bytes));
        }
        return moves;
    }
}
