package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.persistence.PersistenceException;
import jakarta.resource.spi.ResourceAllocationException;
import java.net.ServerSocket;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.holdfast.contract.Problem;
import org.junit.jupiter.api.Test;

class UnforeseenTest {
    @Test
    void aDatabaseThatIsAwayIsNoDefect() throws Exception {
        int port;
        try (var nobody = new ServerSocket(0)) {
            port = nobody.getLocalPort();
        }
        SQLException refused = catchThrowableOfType(
                SQLException.class,
                () -> DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/holdfast"));
        for (Throwable away : new Throwable[] {
            new PersistenceException(refused),
            new PersistenceException(new SQLException(new ResourceAllocationException("the pool is empty")))
        }) {
            Problem problem = Unforeseen.problem("GET /", away);
            assertThat(problem.status()).isEqualTo(503);
            assertThat(problem.code()).isEqualTo("unavailable");
            assertThat(problem.retryAfterSeconds()).contains(1L);
        }
    }

    @Test
    void whoLosesAgainAndAgainMayComeBack() {
        Problem problem =
                Unforeseen.problem("GET /", new PersistenceException(new SQLException("deadlock", "40001", 1213)));
        assertThat(problem.status()).isEqualTo(503);
        assertThat(problem.code()).isEqualTo("busy");
    }

    @Test
    void everythingElseIsADefectAndSaysNothingOfTheInside() {
        for (Throwable defect : new Throwable[] {
            new IllegalStateException("the inside"),
            new PersistenceException(new SQLException("the inside", "23000", 1062)),
            new PersistenceException(new SQLException("the inside", "22001", 1406))
        }) {
            Problem problem = Unforeseen.problem("GET /", defect);
            assertThat(problem.status()).isEqualTo(500);
            assertThat(problem.toJson()).contains("\"code\":\"bug\"").doesNotContain("inside");
        }
    }
}
