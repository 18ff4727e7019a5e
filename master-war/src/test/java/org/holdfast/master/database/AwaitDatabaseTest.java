package org.holdfast.master.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AwaitDatabaseTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final AwaitDatabase database = new AwaitDatabase(pauses::add);
    private int tries;

    private void failsTimes(int failures, SQLException failure) {
        database.run(() -> {
            if (tries++ < failures) {
                throw new IllegalStateException("no connection", failure);
            }
        });
    }

    @Test
    void whileTheDatabaseIsAwayItIsWaitedForWithGrowingPauses() {
        failsTimes(7, new SQLNonTransientConnectionException("refused"));
        assertThat(tries).isEqualTo(8);
        assertThat(pauses.stream().map(Duration::toMillis))
                .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 8_000L, 8_000L);
    }

    @Test
    void whatTheDatabaseRefusesIsRefusedAtOnce() {
        assertThatThrownBy(() -> failsTimes(1, new SQLException("a later release wrote it", "42000")))
                .hasMessage("no connection");
        assertThat(pauses).isEmpty();
    }
}
