package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeastRateTest {
    private static LeastRate of(Map<String, String> settings) {
        return LeastRate.of(name -> Optional.ofNullable(settings.get(name)));
    }

    @Test
    void aKibibyteASecondOverAMinuteUnlessSettingsSayOtherwise() {
        assertThat(of(Map.of())).isEqualTo(new LeastRate(1024, Duration.ofMinutes(1)));
        assertThat(of(Map.of(
                        "holdfast.upload.slowest-bytes-per-second", "7", "holdfast.upload.slowest-window", "PT2S")))
                .isEqualTo(new LeastRate(7, Duration.ofSeconds(2)));
    }

    @ParameterizedTest
    @CsvSource({"-1, PT1M", "many, PT1M", "1, a minute", "1, PT0S", "1, PT-1S"})
    void nonsenseIsRefused(String bytes, String window) {
        assertThatThrownBy(() -> of(Map.of(LeastRate.BYTES_SETTING, bytes, LeastRate.WINDOW_SETTING, window)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("invalid-parameter"));
    }

    @Test
    void readersHaveARateOfTheirOwn() {
        Map<String, String> settings =
                Map.of(LeastRate.READERS_BYTES_SETTING, "7", LeastRate.READERS_WINDOW_SETTING, "PT2S");
        LeastRate ofReaders = LeastRate.ofReaders(name -> Optional.ofNullable(settings.get(name)));
        assertThat(ofReaders).isEqualTo(new LeastRate(7, Duration.ofSeconds(2)));
        assertThat(ofReaders.patience()).isEqualTo(Duration.ofSeconds(4));
        assertThat(of(settings)).isEqualTo(LeastRate.DEFAULT);
    }
}
