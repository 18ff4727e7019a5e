package org.holdfast.times;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimesTableTest {
    @Test
    void the_slowest_come_first_and_the_sums_last() {
        assertThat(TimesTable.of(List.of(
                        new TimesRow("org.holdfast.contract.UlidTest", "contract", 5, Duration.ofMillis(1_249), 0),
                        new TimesRow(
                                "org.holdfast.systemtests.FaultsIT", "system-tests", 12, Duration.ofSeconds(298), 7))))
                .containsExactly(
                        "TEST CLASS            MODULE         TESTS   SECONDS   JVMS",
                        "systemtests.FaultsIT  system-tests      12     298.0      7",
                        "contract.UlidTest     contract           5       1.2      0",
                        "all 2                                   17     299.2      7");
    }

    @Test
    void the_quick_ones_share_a_line() {
        List<TimesRow> rows = IntStream.rangeClosed(1, 28)
                .mapToObj(n -> new TimesRow("T" + n, "m", 1, Duration.ofSeconds(n), 2))
                .toList();
        List<String> table = TimesTable.of(rows);
        assertThat(table).hasSize(1 + 25 + 2);
        assertThat(table.get(1)).startsWith("T28 ");
        assertThat(table.get(25)).startsWith("T4 ");
        assertThat(table.get(26)).matches("\\(3 more\\) +3 +6\\.0 +6");
        assertThat(table.get(27)).matches("all 28 +28 +406\\.0 +56");
    }
}
