package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.FailureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonBodyTest {
    private static JsonBody body(String value) {
        return JsonBody.read("{\"a\":" + value + "}", Set.of("a"));
    }

    static String[] noNumbers() {
        return new String[] {
            "\"1\"", "true", "[]", "1.5", "1e1000000000", "9223372036854775808", "1" + "0".repeat(5_000), "{}"
        };
    }

    @ParameterizedTest
    @MethodSource("noNumbers")
    void aNumberIsWholeAndOfADecentSize(String value) {
        assertRefused(
                FailureKind.INVALID, "invalid-parameter", () -> body(value).number("a", Optional.empty()));
    }

    @Test
    void theLargestNumberIsRead() {
        assertThat(body(Long.toString(Long.MAX_VALUE)).number("a", Optional.empty()))
                .contains(Long.MAX_VALUE);
    }

    @Test
    void aTextIsUnicode() {
        assertThat(body("\"\\ud83d\\ude00\"").text("a")).isEqualTo("\ud83d\ude00");
        assertRefused(
                FailureKind.INVALID,
                "invalid-parameter",
                () -> body("\"\\ud83d\"").text("a"));
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> body("7").text("a"));
    }

    @Test
    void nobodyBuildsTowers() {
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> body("[".repeat(5_000) + "]".repeat(5_000)));
    }

    @Test
    void whatNobodyKnowsIsNotOverlooked() {
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> JsonBody.read("{\"b\":1}", Set.of("a")));
    }

    @Test
    void secretsAreNotTold() {
        assertThat(JsonBody.read(
                                "{\"name\":\"anna\",\"password\":\"s\",\"old\":\"o\",\"new\":\"n\"}",
                                Set.of("name", "password", "old", "new"))
                        .told())
                .isEqualTo("name=anna");
    }
}
