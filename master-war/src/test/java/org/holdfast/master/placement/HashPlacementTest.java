package org.holdfast.master.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.placement.PlacementPolicy.HASH;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashPlacementTest {

    @ParameterizedTest
    @CsvSource({
        // between two nodes: the next higher one
        "15, b c d a",
        "25, c d b a",
        // below the first
        "5, a b c d",
        // a node's own hash is not higher than itself
        "20, c d b a",
        // beyond the last: the highest, not around to the lowest
        "41, d c b a",
        "40, d c b a",
        "18446744073709551615, d c b a"
    })
    void a_file_goes_to_the_next_higher_node_and_beyond_the_last_to_the_highest(String file, String order) {
        assertThat(Nodes.of("c[at=30] a[at=10] d[at=40] b[at=20]").orderAt(file))
                .isEqualTo(order);
    }

    @Test
    void hashes_are_unsigned() {
        assertThat(Nodes.of("low[at=1] high[at=18446744073709551615]").orderAt("9223372036854775808"))
                .isEqualTo("high low");
    }

    @Test
    void nodes_with_equal_hashes_stand_in_order_of_name_whatever_order_they_come_in() {
        assertThat(Nodes.of("b[at=20] a[at=20] c[at=5]").orderAt("10")).isEqualTo("a b c");
        assertThat(Nodes.of("c[at=5] a[at=20] b[at=20]").orderAt("10")).isEqualTo("a b c");
    }

    @Test
    void one_node_takes_every_file_and_no_node_takes_none() {
        assertThat(Nodes.of("a[at=10]").orderAt("5")).isEqualTo("a");
        assertThat(Nodes.of("a[at=10]").orderAt("15")).isEqualTo("a");
        assertThat(Nodes.of("").orderAt("15")).isEmpty();
    }

    @Test
    void the_hash_of_a_name_never_changes() {
        // printf %s abc | sha256sum
        assertThat(Long.toHexString(StableHash.of(""))).isEqualTo("e3b0c44298fc1c14");
        assertThat(Long.toHexString(StableHash.of("abc"))).isEqualTo("ba7816bf8f01cfea");
        assertThat(StableHash.of("ä")).isNotEqualTo(StableHash.of("a"));
    }

    @Property
    void a_node_that_refuses_leaves_the_order_of_the_others_as_if_it_had_not_been_there(
            @ForAll @Size(min = 2, max = 20) @UniqueElements List<@IntRange(max = 999) Integer> nodes,
            @ForAll @IntRange(max = 999) int file) {
        List<Candidate> all = named(nodes);
        List<String> order = primaries(file, all);
        List<Candidate> others =
                all.stream().filter(node -> !node.name().equals(order.get(0))).toList();

        assertThat(primaries(file, others)).isEqualTo(order.subList(1, order.size()));
    }

    @Property
    void a_joining_node_takes_files_only_to_itself(
            @ForAll @Size(min = 1, max = 20) @UniqueElements List<@IntRange(max = 999) Integer> nodes,
            @ForAll @IntRange(max = 999) int file) {
        List<Candidate> before = named(nodes);
        List<Candidate> after = new ArrayList<>(before);
        after.add(new Candidate("joined", "z", "joined", 1000));

        assertThat(primaries(file, after).get(0)).isIn(primaries(file, before).get(0), "joined");
    }

    @Test
    void a_leaving_node_moves_only_its_own_files() {
        List<Candidate> before = named(IntStream.range(0, 8).boxed().toList());
        List<Candidate> after = before.subList(1, before.size());
        int moved = 0;
        for (int file = 0; file < 2000; file++) {
            String first = primaries(file, before).get(0);
            if (first.equals(before.get(0).name())) {
                moved++;
            } else {
                assertThat(primaries(file, after)).first().isEqualTo(first);
            }
        }
        assertThat(moved).as("files of the node that left").isBetween(1, 1999);
    }

    private static List<Candidate> named(List<Integer> nodes) {
        return nodes.stream()
                .map(number -> new Candidate("node" + number, "z", "h", 1000))
                .toList();
    }

    private static List<String> primaries(int file, List<Candidate> nodes) {
        return Placement.primaries(HASH, "admin/" + file, nodes, 1, NoChance.INSTANCE);
    }
}
