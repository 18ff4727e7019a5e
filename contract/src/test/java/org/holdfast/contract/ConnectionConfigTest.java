package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionConfigTest {
    private static ConnectionConfig read(Map<String, String> settings) {
        return ConnectionConfig.of(name -> Optional.ofNullable(settings.get(name)));
    }

    @Test
    void withoutSettingsABodyHasTenSecondsAndAnAddressManyConnections() {
        assertThat(read(Map.of())).isEqualTo(new ConnectionConfig(Duration.ofSeconds(10), 768));
    }

    @Test
    void bothCanBeSet() {
        assertThat(read(Map.of("holdfast.body.deadline", "PT2S", "holdfast.connections.per-address", "7")))
                .isEqualTo(new ConnectionConfig(Duration.ofSeconds(2), 7));
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.body.deadline,PT0S",
        "holdfast.body.deadline,-PT1S",
        "holdfast.body.deadline,10",
        "holdfast.connections.per-address,0",
        "holdfast.connections.per-address,many"
    })
    void nonsenseIsRefused(String name, String value) {
        assertThatThrownBy(() -> read(Map.of(name, value))).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.INVALID);
            assertThat(e.sentence()).contains(name);
        });
    }
}
