package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost",
                "localhost.",
                "files.localhost",
                "127.0.0.1",
                "127.1.2.3",
                "[::1]",
                "::1",
                "[0:0:0:0:0:0:0:1]"
            })
    void theseAreThisMachine(String host) {
        assertThat(LocalName.is(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "files.example",
                "localhost.example",
                "notlocalhost",
                "192.0.2.127",
                "127.0.0.1.example",
                "[2001:db8::1]",
                ""
            })
    void theseAreOthers(String host) {
        assertThat(LocalName.is(host)).isFalse();
    }
}
