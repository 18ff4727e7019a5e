package org.holdfast.master.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.PersistenceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who loses a race for a row is told so, begins again, and is not kept for long. */
class ContentionTest {
    private static final String ROW = "SELECT id FROM namespace WHERE name = 'admin' FOR UPDATE";

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger tries = new AtomicInteger();

    private void losing(Duration each) {
        Contention.retry(
                () -> {
                    tries.incrementAndGet();
                    nanos.addAndGet(each.toNanos());
                    throw new PersistenceException(new SQLException("lock wait", "HY000", 1205));
                },
                nanos::get);
    }

    @Test
    void whoLosesQuicklyTriesADozenTimes() {
        assertThatThrownBy(() -> losing(Duration.ofMillis(5))).isInstanceOf(PersistenceException.class);
        assertThat(tries).hasValue(12);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 60})
    void whoWaitedForARowForLongTriesOnceMore(int seconds) {
        assertThatThrownBy(() -> losing(Duration.ofSeconds(seconds))).isInstanceOf(PersistenceException.class);
        assertThat(tries).hasValue(2);
    }

    /** The time-out of the socket would take it for a database that is away. */
    @Test
    void whoWaitsForARowForTooLongHasLostAndKeepsItsConnection() throws Exception {
        var source = new CatalogDataSource();
        source.setUrl(master.database().jdbcUrl());
        source.setUser(master.database().user());
        source.setPasswordFile(
                Files.writeString(folder.resolve("password"), master.database().password())
                        .toString());
        try (Connection holder = master.connect();
                Connection waiting = source.getConnection()) {
            holder.setAutoCommit(false);
            assertThat(holder.createStatement().executeQuery(ROW).next()).isTrue();
            assertThatThrownBy(() -> waiting.createStatement().executeQuery(ROW))
                    .matches(SqlFailure.LOST::explains, "lost")
                    .matches(failure -> !SqlFailure.AWAY.explains(failure), "not away");
            holder.rollback();
            assertThat(waiting.createStatement().executeQuery(ROW).next()).isTrue();
        }
    }
}
