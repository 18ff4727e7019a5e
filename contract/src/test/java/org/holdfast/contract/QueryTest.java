package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    @Test
    void namesAndValuesAreDecodedOnce() {
        var query = Query.parse("after=a%20b%2Bc%2526&move-to=admin%2Fx&%6eode=sn1&plus=a+b");
        assertThat(query.text("after")).contains("a b+c%26");
        assertThat(query.text("move-to")).contains("admin/x");
        assertThat(query.text("node")).contains("sn1");
        assertThat(query.text("plus")).contains("a b");
    }

    @Test
    void whatIsMissingOrEmptyIsNotTold() {
        var query = Query.parse("a=&b&&=c");
        assertThat(query.text("a")).isEmpty();
        assertThat(query.text("b")).isEmpty();
        assertThat(query.text("none")).isEmpty();
        assertThat(Query.parse(null).text("a")).isEmpty();
        assertThat(Query.parse("").names("a")).isEmpty();
    }

    /** A file may be called so, and a listing goes on behind it. */
    @Test
    void whiteSpaceIsAValue() {
        assertThat(Query.parse("after=%20").text("after")).contains(" ");
        assertThat(Query.parse("after=+").text("after")).contains(" ");
        assertThat(Query.parse("after=%E3%80%80").text("after")).contains("\u3000");
        assertRefused(() -> Query.parse("limit=%20").number("limit", 7, 1, 10));
    }

    @Test
    void aValueMayHoldTheSignThatSeparates() {
        assertThat(Query.parse("a=b=c&d=x%26y").text("a")).contains("b=c");
        assertThat(Query.parse("a=b=c&d=x%26y").text("d")).contains("x&y");
    }

    @Test
    void namesAreASet() {
        assertThat(Query.parse("exclude=sn1,sn2").names("exclude")).containsExactlyInAnyOrder("sn1", "sn2");
        assertThat(Query.parse("exclude=sn1,sn1").names("exclude")).containsExactly("sn1");
    }

    @Test
    void numbersHaveBounds() {
        assertThat(Query.parse("limit=5").number("limit", 7, 1, 10)).isEqualTo(5);
        assertThat(Query.parse("limit=1").number("limit", 7, 1, 10)).isEqualTo(1);
        assertThat(Query.parse("limit=10").number("limit", 7, 1, 10)).isEqualTo(10);
        assertThat(Query.parse("").number("limit", 7, 1, 10)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "11", "-1", "x", "1.5", "99999999999999999999", "1e3"})
    void numbersOutsideAreRefused(String number) {
        assertRefused(() -> Query.parse("limit=" + number).number("limit", 7, 1, 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%zz", "a=%2"})
    void brokenEncodingsAreRefused(String raw) {
        assertRefused(() -> Query.parse(raw));
    }

    @Test
    void whatNobodyKnowsIsRefusedByItsName() {
        Query query = Query.parse("limit=5&user=anna&%6eode=sn1&x");
        assertThat(query.requireKnown(Set.of("limit", "user", "node", "x", "more"))
                        .text("node"))
                .contains("sn1");
        assertRefused(() -> query.requireKnown(Set.of("limit", "node")), "user", "x", "limit, node");
        assertRefused(() -> query.requireKnown(Set.of()), "limit", "node", "user", "x");
        assertThat(Query.parse(null).requireKnown(Set.of()).text("a")).isEmpty();
    }

    private static void assertRefused(ThrowingCallable reading, String... named) {
        assertThatExceptionOfType(HoldfastException.class).isThrownBy(reading).satisfies(refusal -> {
            assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID);
            assertThat(refusal.code()).isEqualTo("invalid-parameter");
            assertThat(named).allSatisfy(word -> assertThat(refusal.sentence()).contains(word));
        });
    }
}
