package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import org.holdfast.contract.FailureKind;
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
    void whatIsMissingOrBlankIsNotTold() {
        var query = Query.parse("a=&b&&=c&d=%20");
        assertThat(query.text("a")).isEmpty();
        assertThat(query.text("b")).isEmpty();
        assertThat(query.text("d")).isEmpty();
        assertThat(query.text("none")).isEmpty();
        assertThat(Query.parse(null).text("a")).isEmpty();
        assertThat(Query.parse("").names("a")).isEmpty();
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
        assertRefused(
                FailureKind.INVALID,
                "invalid-parameter",
                () -> Query.parse("limit=" + number).number("limit", 7, 1, 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%zz", "a=%2"})
    void brokenEncodingsAreRefused(String raw) {
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> Query.parse(raw));
    }
}
