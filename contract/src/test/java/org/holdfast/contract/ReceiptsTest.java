package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.holdfast.contract.Receipts.Fact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptsTest {
    private static final String OLD = "k1:" + "ab".repeat(32);
    private static final String NEW = "k2:" + "cd".repeat(32);
    private static final Ticket.Errand ERRAND = new Ticket.Errand("01KJMZ2M00ABCDEFGHJKMNPQRS", 2);

    private static Receipts of(String... lines) {
        return MemberKeys.parse(List.of(lines)).receipts();
    }

    @Test
    void a_receipt_is_good_for_one_fact_of_one_attempt_at_one_task() {
        String receipt = of(OLD).of(ERRAND, Fact.HERE);
        assertThat(of(OLD).prove(receipt, ERRAND, Fact.HERE)).isTrue();
        assertThat(of(OLD).prove(receipt, ERRAND, Fact.GONE)).isFalse();
        assertThat(of(OLD).prove(receipt, new Ticket.Errand(ERRAND.taskId(), 3), Fact.HERE))
                .isFalse();
        assertThat(of(OLD).prove(receipt, new Ticket.Errand("01KJMZ2M00ABCDEFGHJKMNPQRT", 2), Fact.HERE))
                .isFalse();
    }

    @Test
    void a_receipt_is_the_nodes_own() {
        assertThat(of("k1:" + "ac".repeat(32)).prove(of(OLD).of(ERRAND, Fact.HERE), ERRAND, Fact.HERE))
                .isFalse();
    }

    @Test
    void a_receipt_outlives_the_rotation_of_its_key_as_long_as_the_old_one_is_known() {
        String before = of(OLD).of(ERRAND, Fact.BAD);
        assertThat(of(NEW, OLD).prove(before, ERRAND, Fact.BAD)).isTrue();
        assertThat(of(NEW).prove(before, ERRAND, Fact.BAD)).isFalse();
        assertThat(of(OLD, NEW).prove(of(NEW, OLD).of(ERRAND, Fact.BAD), ERRAND, Fact.BAD))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "k1", "k1.", ".x", "k9.x", "k1.\u00e9", "k1.AAAA"})
    void other_texts_prove_nothing(String text) {
        assertThat(of(OLD).prove(text, ERRAND, Fact.HERE)).isFalse();
    }

    @Test
    void a_receipt_goes_into_a_header() {
        assertThat(of(OLD).of(ERRAND, Fact.HERE)).matches("k1\\.[A-Za-z0-9_-]{43}");
    }
}
