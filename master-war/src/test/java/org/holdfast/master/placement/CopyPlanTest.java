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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyPlanTest {

    @ParameterizedTest
    @CsvSource({
        // A copy is missing: another host before another node of the same host, another zone before both.
        "wanted=2 z/h1[d1=X d2=_] z/h2[d3=_], ideal(d3)",
        "wanted=2 z/h1[d1=X d2=_] z/h2[d3=_] y/h3[d4=_], ideal(d4)",
        "wanted=3 z/h1[d1=X d2=_] z/h2[d3=_] y/h3[d4=_], ideal(d4 d3)",
        "wanted=3 z/h1[d1=X] y/h2[d2=_ d3=_] x/h3[d4=_], ideal(d2 d4)",
        // Fewer hosts, or fewer nodes, than copies.
        "wanted=2 z/h1[d1=X d2=_] z/h2[d3=-], desperate(d2)",
        "wanted=3 z/h1[d1=X] z/h2[d2=_], desperate(d2) 1 without place",
        "wanted=3 z/h1[d1=X] z/h2[d2=-], desperate 2 without place",
        // What is planned, in doubt or on a node that is away for a moment is one of the wanted copies.
        "wanted=2 z/h1[d1=X] z/h2[d2=P] z/h3[d3=_], satisfied",
        "wanted=2 z/h1[d1=X] z/h2[d2=?] z/h3[d3=_], satisfied",
        "wanted=2 z/h1[d1=X] z/h2[d2=X!] z/h3[d3=_], satisfied",
        // What is on a node that leaves is none, but is read from.
        "wanted=2 z/h1[d1=X] z/h2[d2=x!] z/h3[d3=_], ideal(d3)",
        "wanted=1 z/h1[d1=x] z/h3[d3=_], ideal(d3)",
        "wanted=2 z/h1[d1=X] z/h2[d2=g] z/h3[d3=_], ideal(d3)",
        // The plan for a node that leaves is withdrawn, since nothing is there.
        "wanted=2 z/h1[d1=X] z/h2[d2=p] z/h3[d3=_], ideal(d3) drop(d2)",
        "wanted=2 z/h1[d1=X] z/h2[d2=p!] z/h3[d3=-], desperate drop(d2) 1 without place",
        // A domain that is left does not count as used.
        "wanted=2 z/h1[d1=X] y/h2[d2=x! d3=_] z/h3[d4=_], ideal(d3)",
        // There is nothing to copy from.
        "wanted=2 z/h1[d1=x!] z/h2[d2=_], hopeless 2 without place",
        "wanted=2 z/h1[d1=?] z/h2[d2=_], hopeless 1 without place",
        "wanted=1 z/h1[d1=X!] z/h2[d2=_], satisfied",
        // More than wanted: what does not count goes first, then what is only planned, then the crowded domain.
        "wanted=1 z/h1[d1=X] z/h2[d2=x], too many drop(d2)",
        "wanted=1 z/h1[d1=X] z/h2[d2=P] z/h3[d3=P!], too many drop(d2 d3)",
        "wanted=1 z/h1[d1=X] z/h2[d2=?], too many drop(d2)",
        "wanted=2 z/h1[d1=X d2=X] z/h2[d3=X], too many drop(d2)",
        "wanted=2 z/h1[d1=X] z/h2[d2=X] y/h3[d3=X], too many drop(d2)",
        "wanted=1 z/h1[d1=X] z/h2[d2=X] z/h3[d3=X], too many drop(d3 d2)",
        // Nothing goes while the others are not verified, or their nodes do not answer.
        "wanted=2 z/h1[d1=X] z/h2[d2=x] z/h3[d3=P], satisfied",
        "wanted=2 z/h1[d1=X] z/h2[d2=x] z/h3[d3=X!], satisfied",
        "wanted=2 z/h1[d1=X] z/h2[d2=X!] z/h3[d3=P], satisfied",
        // What lies on a node that does not answer can't be removed now.
        "wanted=1 z/h1[d1=X] z/h2[d2=x!], satisfied",
        "wanted=1 z/h1[d1=X] z/h2[d2=X!], satisfied"
    })
    void what_is_to_be_done(String layout, String answer) {
        assertThat(Layout.answer(layout)).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "wanted=3 z/h1[d1=X] z/h2[d2=_], LAST_COPY",
        "wanted=3 z/h1[d1=X] z/h2[d2=X!] z/h3[d3=_], LAST_COPY",
        "wanted=3 z/h1[d1=X] z/h2[d2=X] z/h3[d3=_], MISSING",
        "wanted=2 z/h1[d1=X] z/h2[d2=x] z/h3[d3=_], MOVING",
        "wanted=1 z/h1[d1=x] z/h3[d3=_], MOVING"
    })
    void the_last_good_copy_makes_haste_and_a_mere_move_makes_none(String layout, CopyPlan.Haste haste) {
        assertThat(Layout.of(layout).plan().haste()).isEqualTo(haste);
    }

    @Property
    void no_copy_goes_when_fewer_good_ones_than_wanted_would_remain(@ForAll("layouts") Layout layout) {
        CopyPlan plan = layout.plan();
        boolean drops = layout.copies().stream()
                .filter(copy -> copy.standing() != Copy.Standing.PLANNED)
                .anyMatch(copy -> plan.drop().contains(copy.place().node()));
        long left = layout.copies().stream()
                .filter(copy -> copy.counts() && copy.serves() && copy.standing() == Copy.Standing.VERIFIED)
                .filter(copy -> !plan.drop().contains(copy.place().node()))
                .count();
        if (drops) {
            assertThat(left).isGreaterThanOrEqualTo(layout.wanted());
        }
    }

    @Property
    void a_holder_is_never_chosen_and_nobody_twice(@ForAll("layouts") Layout layout) {
        CopyPlan plan = layout.plan();
        Set<String> holders = new HashSet<>();
        layout.copies().forEach(copy -> holders.add(copy.place().node()));
        assertThat(plan.copyTo()).doesNotHaveDuplicates().noneMatch(holders::contains);
        assertThat(plan.drop()).doesNotHaveDuplicates().allMatch(holders::contains);
    }

    @Property
    void as_many_are_chosen_as_are_missing_and_have_a_place(@ForAll("layouts") Layout layout) {
        CopyPlan plan = layout.plan();
        long counting = layout.copies().stream()
                .filter(copy -> copy.counts() && copy.standing() != Copy.Standing.GOING)
                .count();
        if (plan.verdict() != CopyPlan.Verdict.HOPELESS) {
            assertThat((long) plan.copyTo().size())
                    .isEqualTo(Math.max(
                            0,
                            Math.min(layout.wanted() - counting, layout.free().size())));
        }
    }

    @Property
    void no_zone_gets_a_second_copy_while_another_is_free(@ForAll("layouts") Layout layout) {
        CopyPlan plan = layout.plan();
        Set<String> used = new HashSet<>();
        layout.copies().stream()
                .filter(Copy::isWanted)
                .forEach(copy -> used.add(copy.place().zone()));
        List<Candidate> chosen = plan.copyTo().stream()
                .map(name -> layout.free().stream()
                        .filter(node -> node.name().equals(name))
                        .findFirst()
                        .orElseThrow())
                .toList();
        for (Candidate next : chosen) {
            boolean another =
                    layout.free().stream().anyMatch(node -> !used.contains(node.zone()) && !chosen.contains(node));
            assertThat(!used.add(next.zone()) && another)
                    .as("%s in %s", next, layout)
                    .isFalse();
        }
    }

    @Property
    void a_plan_that_was_carried_out_leaves_nothing_to_do(@ForAll("layouts") Layout layout) {
        assertThat(layout.carriedOut().plan().isNothing()).isTrue();
    }

    @Provide
    Arbitrary<Layout> layouts() {
        Arbitrary<List<String>> marks = Arbitraries.of(
                        "_", "_", "_", "X", "X", "X!", "x", "x!", "P", "P!", "p", "p!", "?", "?!", "?x", "G", "g!")
                .list()
                .ofMaxSize(9);
        Arbitrary<List<Integer>> hosts =
                Arbitraries.integers().between(0, 5).list().ofSize(9);
        return Combinators.combine(marks, hosts, Arbitraries.integers().between(1, 5))
                .as((nodes, at, wanted) -> {
                    var text = new StringBuilder("wanted=" + wanted + " ");
                    IntStream.range(0, nodes.size())
                            .forEach(i -> text.append(
                                    "z%d/h%d[d%d=%s] ".formatted(at.get(i) % 3, at.get(i), i, nodes.get(i))));
                    return Layout.of(text.toString());
                });
    }
}
