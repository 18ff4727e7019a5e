package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
    private static final Instant FIFTH = Instant.parse("2026-11-05T08:00:00.999Z");

    @Test
    void aDayHasTwoDigits() {
        assertThat(HttpDate.format(FIFTH)).isEqualTo("Thu, 05 Nov 2026 08:00:00 GMT");
        assertThat(HttpDate.format(Instant.parse("2026-12-31T23:59:59Z"))).isEqualTo("Thu, 31 Dec 2026 23:59:59 GMT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Thu, 05 Nov 2026 08:00:00 GMT",
                "Thu, 5 Nov 2026 08:00:00 GMT",
                " Thu, 05 Nov 2026 08:00:00 GMT ",
                "Thursday, 05-Nov-26 08:00:00 GMT",
                "Thu Nov  5 08:00:00 2026",
            })
    void theThreeFormsOfHttpAreRead(String text) {
        assertThat(HttpDate.parse(text)).contains(Instant.parse("2026-11-05T08:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-11-05T08:00:00Z",
                "Fri, 05 Nov 2026 08:00:00 GMT",
                "Thu, 05 Nov 2026 08:00:00 CET",
                "Thu, 05 Nov 2026 08:00:00 GMT, Thu, 05 Nov 2026 08:00:00 GMT",
            })
    void whatIsNoDateIsNone(String text) {
        assertThat(HttpDate.parse(text)).isEmpty();
    }

    @Test
    void twoDigitsOfAYearAreOfThisCentury() {
        assertThat(HttpDate.parse("Sunday, 06-Nov-94 08:49:37 GMT")).contains(Instant.parse("1994-11-06T08:49:37Z"));
        assertThat(HttpDate.parse("Friday, 06-Nov-65 08:49:37 GMT")).contains(Instant.parse("2065-11-06T08:49:37Z"));
    }
}
