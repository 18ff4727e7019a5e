package org.holdfast.master.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.placement.PlacementPolicy.RANDOM;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
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
        assertThat(replicas("", Set.of(), Set.of(), 2)).isEmpty();
        assertThat(replicas("a[]", Set.of("a"), Set.of("z"), 2)).isEmpty();
    }

    @Test
    void replicas_go_to_unused_zones_first() {
        for (int draw = 0; draw < 200; draw++) {
            assertThat(replicas("a[zone=1] b[zone=1] c[zone=1] d[zone=2] e[zone=3]", Set.of("a"), Set.of("1"), 2))
                    .as("ideal(d e)")
                    .containsExactlyInAnyOrder("d", "e");
        }
    }

    @Test
    void no_zone_gets_a_third_copy_while_another_has_one() {
        for (int draw = 0; draw < 200; draw++) {
            List<String> chosen =
                    replicas("a[zone=1] b[zone=1] c[zone=1] d[zone=2] e[zone=2]", Set.of("a"), Set.of("1"), 3);
            assertThat(chosen).hasSize(3).containsAll(List.of("d", "e"));
            assertThat(chosen.get(0)).as("the unused zone first").isIn("d", "e");
        }
    }

    @Test
    void copies_that_are_chosen_together_lie_in_different_zones_too() {
        for (int draw = 0; draw < 200; draw++) {
            assertThat(replicas("a[zone=1] b[zone=1] c[zone=1] d[zone=2]", Set.of(), Set.of(), 2))
                    .contains("d");
        }
    }

    @Test
    void within_equal_zones_every_node_is_chosen_now_and_then() {
        Set<List<String>> seen = new HashSet<>();
        for (int draw = 0; draw < 200; draw++) {
            seen.add(replicas("a[zone=1] b[zone=2] c[zone=2] d[zone=2]", Set.of("a"), Set.of("1"), 1));
        }
        assertThat(seen).containsExactlyInAnyOrder(List.of("b"), List.of("c"), List.of("d"));
    }

    @Test
    void a_full_node_gets_no_replica() {
        assertThat(Placement.replicas(
                        RANDOM, "f", Nodes.of("a[free=5] b[free=50]").candidates(), Set.of(), Set.of(), 2, 10, random))
                .containsExactly("b");
    }

    @Property
    void replicas_are_distinct_no_holders_and_as_many_as_there_can_be(
            @ForAll @Size(max = 12) @UniqueElements List<@IntRange(max = 30) Integer> nodes,
            @ForAll Set<@IntRange(max = 30) Integer> holding,
            @ForAll @IntRange(min = -1, max = 8) int wanted,
            @ForAll PlacementPolicy policy,
            @ForAll long seed) {
        List<Candidate> all = nodes.stream()
                .map(number -> new Candidate("n" + number, "z" + number % 3, 100))
                .toList();
        Set<String> holders = new HashSet<>();
        holding.forEach(number -> holders.add("n" + number));

        List<String> chosen =
                Placement.replicas(policy, "admin/f", all, holders, Set.of("z0"), wanted, 100, new Random(seed));

        long free = all.stream().filter(node -> !holders.contains(node.name())).count();
        assertThat(chosen)
                .doesNotHaveDuplicates()
                .noneMatch(holders::contains)
                .hasSize((int) Math.max(0, Math.min(wanted, free)))
                .isSubsetOf(all.stream().map(Candidate::name).toList());
        // z0 counts as used, so the first choice lies elsewhere whenever it can.
        boolean elsewhere = IntStream.range(0, all.size())
                .mapToObj(all::get)
                .anyMatch(node -> !holders.contains(node.name()) && !node.zone().equals("z0"));
        if (!chosen.isEmpty() && elsewhere) {
            assertThat(Integer.parseInt(chosen.get(0).substring(1)) % 3).isNotZero();
        }
    }

    private List<String> primaries(String nodes, long sizeBytes) {
        return Placement.primaries(RANDOM, "admin/f", Nodes.of(nodes).candidates(), sizeBytes, random);
    }

    private List<String> replicas(String nodes, Set<String> holders, Set<String> zones, int wanted) {
        return Placement.replicas(RANDOM, "admin/f", Nodes.of(nodes).candidates(), holders, zones, wanted, 1, random);
    }
}
