package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RosterTest {
    @TempDir
    Path temp;

    @Test
    void an_added_node_comes_back_at_the_next_start_even_if_fewer_are_asked_for() {
        DataDir data = DataDir.open(temp);
        Roster first = Roster.load(data, 3);
        first.add("sn7");
        first.add("worker2");
        first.save(data);
        assertThat(Roster.load(data, 1).names()).containsExactly("sn1", "sn2", "sn3", "sn7", "worker1", "worker2");
    }

    @Test
    void a_removed_node_does_not_come_back_at_the_next_start() {
        DataDir data = DataDir.open(temp);
        Roster first = Roster.load(data, 1);
        first.add("sn7");
        first.remove("sn7");
        first.remove("mariadb");
        first.save(data);
        assertThat(Roster.load(data, 1).names()).containsExactly("sn1", "worker1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sn0", "sn80", "sn", "sn01", "worker15", "m2", "mariadb", "SN1", "sn1 ", ""})
    void a_name_that_no_component_can_have_is_wrong_usage(String name) {
        Roster roster = Roster.load(DataDir.open(temp), 1);
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> roster.add(name))
                .satisfies(refusal -> assertThat(refusal.exitCode()).isEqualTo(2));
    }
}
