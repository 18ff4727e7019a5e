package org.holdfast.master.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BalanceTest {
    private static final double SPREAD = 0.05;

    private static List<String> moves(Balance.Load... loads) {
        return Balance.plan(List.of(loads), SPREAD).stream()
                .map(move -> move.from() + ">" + move.to() + " " + move.bytes())
                .toList();
    }

    @Test
    void a_new_node_takes_from_all_until_it_is_as_full_as_they() {
        assertThat(moves(
                        new Balance.Load("a", 6_000, 4_000),
                        new Balance.Load("b", 6_000, 4_000),
                        new Balance.Load("c", 0, 10_000)))
                .containsExactly("b>c 2000", "a>c 2000");
    }

    @Test
    void a_large_node_is_full_by_its_share_not_by_its_bytes() {
        assertThat(moves(new Balance.Load("large", 5_000, 5_000), new Balance.Load("small", 500, 500)))
                .isEmpty();
    }

    @Test
    void what_is_within_the_spread_stays() {
        assertThat(moves(new Balance.Load("a", 52, 48), new Balance.Load("b", 48, 52)))
                .isEmpty();
        assertThat(moves(new Balance.Load("a", 53, 47), new Balance.Load("b", 47, 53)))
                .containsExactly("a>b 3");
        assertThat(moves(new Balance.Load("a", 0, 0), new Balance.Load("b", 0, 0)))
                .isEmpty();
        assertThat(moves()).isEmpty();
    }

    @Property
    void afterwards_all_are_within_the_spread_and_no_node_gives_and_takes(@ForAll("loads") List<Balance.Load> loads) {
        List<Balance.Move> moves = Balance.plan(loads, SPREAD);
        long[] used = loads.stream().mapToLong(Balance.Load::usedBytes).toArray();
        Set<String> givers = new HashSet<>();
        Set<String> takers = new HashSet<>();
        for (Balance.Move move : moves) {
            assertThat(move.bytes()).isPositive();
            givers.add(move.from());
            takers.add(move.to());
            used[index(loads, move.from())] -= move.bytes();
            used[index(loads, move.to())] += move.bytes();
        }
        assertThat(givers).doesNotContainAnyElementsOf(takers.isEmpty() ? Set.of("nobody") : takers);
        assertThat(moves.size()).isLessThan(loads.size() + 1);
        double[] fills = IntStream.range(0, used.length)
                .filter(i -> loads.get(i).roomBytes() > 0)
                .mapToDouble(i -> (double) used[i] / loads.get(i).roomBytes())
                .toArray();
        double most = java.util.Arrays.stream(fills).max().orElse(0);
        double least = java.util.Arrays.stream(fills).min().orElse(0);
        // Bytes are whole: a node of a thousand bytes is right to a thousandth.
        assertThat(most - least).isLessThanOrEqualTo(SPREAD + 0.003);
        assertThat(IntStream.range(0, used.length)
                        .allMatch(i -> used[i] >= 0 && used[i] <= loads.get(i).roomBytes()))
                .isTrue();
    }

    private static int index(List<Balance.Load> loads, String node) {
        return loads.stream().map(Balance.Load::node).toList().indexOf(node);
    }

    @Provide
    Arbitrary<List<Balance.Load>> loads() {
        Arbitrary<Long> bytes = Arbitraries.longs().between(500, 1_000_000);
        Arbitrary<List<Long>> many = bytes.list().ofSize(7);
        return Combinators.combine(many, many, Arbitraries.integers().between(0, 7))
                .as((used, free, count) -> IntStream.range(0, count)
                        .mapToObj(i -> new Balance.Load("n" + i, used.get(i), free.get(i)))
                        .toList());
    }
}
