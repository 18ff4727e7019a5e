package org.holdfast.master.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.placement.PlacementPolicy.RANDOM;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private final Random random = new Random(20261120);

    @Test
    void every_order_of_the_nodes_is_equally_likely() {
        List<Candidate> nodes = Nodes.of("a[] b[] c[] d[]").candidates();
        Map<List<String>, Integer> seen = new HashMap<>();
        int draws = 24_000;
        for (int draw = 0; draw < draws; draw++) {
            seen.merge(Placement.primaries(RANDOM, "admin/a", nodes, 1, random), 1, Integer::sum);
        }

        assertThat(seen).as("4! orders").hasSize(24);
        double expected = draws / 24.0;
        double chiSquare = seen.values().stream()
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        // 23 degrees of freedom: the 99.9 % quantile of chi-square is 49.73 (NIST/SEMATECH, table 1.3.6.7.4).
        assertThat(chiSquare).isLessThan(49.73);
    }

    @Test
    void chance_alone_decides_not_the_order_in_which_the_nodes_are_listed() {
        List<Candidate> one = Nodes.of("a[] b[] c[] d[] e[]").candidates();
        List<Candidate> other = Nodes.of("d[] b[] e[] a[] c[]").candidates();

        assertThat(Placement.primaries(RANDOM, "f", one, 1, new Random(1)))
                .isEqualTo(Placement.primaries(RANDOM, "f", other, 1, new Random(1)));
    }

    @Test
    void nodes_without_room_are_left_out_and_the_last_byte_counts() {
        assertThat(primaries("full[free=9] just[free=10] over[free=11]", 10)).containsExactlyInAnyOrder("just", "over");
        assertThat(primaries("full[free=0]", 0)).containsExactly("full");
        assertThat(primaries("full[free=9]", 10)).isEmpty();
    }

    @Test
    void a_file_of_unknown_size_is_offered_to_all() {
        assertThat(primaries("full[free=0] roomy[free=10]", Placement.UNKNOWN_SIZE))
                .containsExactlyInAnyOrder("full", "roomy");
    }

    @Test
    void no_nodes_is_an_empty_answer_and_one_node_the_only_one() {
        assertThat(primaries("", 1)).isEmpty();
        assertThat(primaries("a[]", 1)).containsExactly("a");
    }

    private List<String> primaries(String nodes, long sizeBytes) {
        return Placement.primaries(RANDOM, "admin/f", Nodes.of(nodes).candidates(), sizeBytes, random);
    }
}
