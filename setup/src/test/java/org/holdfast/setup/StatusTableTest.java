package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTableTest {
    @Test
    void what_a_master_tells_is_shown_without_what_is_told_elsewhere() {
        assertThat(MasterView.table(
                        "name\tstatus\tzone\treason\nsn1\trunning\tz\t-\nsn2\tfailed\tz\tThe disk smokes.\n"))
                .isEqualTo("""
                        NAME  STATUS   REASON
                        sn1   running  -
                        sn2   failed   The disk smokes.
                        """);
    }

    @Test
    void columns_are_aligned_and_what_is_not_there_is_a_dash() {
        assertThat(StatusTable.render(List.of(
                        new StatusTable.Row(
                                "sn1", "ready", 4711, "http://127.0.0.1:7401", Duration.ofSeconds(3723), "ok"),
                        new StatusTable.Row("worker1", "killed", -1, "http://127.0.0.1:7481", Duration.ZERO, "-"),
                        new StatusTable.Row("m1", "ready", 12, "http://127.0.0.1:7400", Duration.ofSeconds(61), "slow"),
                        new StatusTable.Row("broker", "ready", 13, "tcp://b", Duration.ofSeconds(9), "ok"))))
                .isEqualTo("""
                        COMPONENT  STATE   PID   ADDRESS                UPTIME  HEALTH
                        sn1        ready   4711  http://127.0.0.1:7401  1h2m    ok
                        worker1    killed  -     http://127.0.0.1:7481  -       -
                        m1         ready   12    http://127.0.0.1:7400  1m1s    slow
                        broker     ready   13    tcp://b                9s      ok
                        """);
    }
}
