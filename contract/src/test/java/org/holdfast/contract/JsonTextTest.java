package org.holdfast.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTextTest {
    static String[] abuses() {
        return new String[] {
            "",
            "{",
            "[]",
            "{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
            "{\"a\":".repeat(100_000),
            "{\"a\":\"\u0000\"}",
            "{\"a\":01}"
        };
    }

    @ParameterizedTest
    @MethodSource("abuses")
    void whatIsNoJsonOrTooDeepFailsAsJsonDoes(String text) {
        assertThatThrownBy(() -> {
                    try (var reader = JsonText.reader(text)) {
                        reader.readObject();
                    }
                })
                .isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> {
                    try (var reader = JsonText.reader(text.getBytes(UTF_8))) {
                        reader.readObject();
                    }
                })
                .isInstanceOf(JsonException.class);
    }

    @Test
    void whatIsJsonIsRead() {
        String deep = "{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}";
        try (var reader = JsonText.reader(deep)) {
            assertThat(reader.readObject().getJsonArray("a")).hasSize(1);
        }
    }
}
