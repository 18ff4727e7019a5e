package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import jakarta.persistence.PersistenceException;
import jakarta.resource.spi.ResourceAllocationException;
import java.net.ServerSocket;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
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

    /** Each as MariaDB says it when its disk is full. */
    @Test
    void whileTheDatabaseHasNoRoomItIsReadAndNotChanged() {
        for (SQLException full : new SQLException[] {
            new SQLException("Disk full (/tmp/#sql); waiting for someone to free some space...", "HY000", 1021),
            new SQLException("The table 'file' is full", "HY000", 1114),
            new SQLException("Error writing file './x' (Errcode: 28 \"No space left on device\")", "HY000", 3),
            new SQLException("Got error 28 from storage engine", "HY000", 1030)
        }) {
            Problem problem = Unforeseen.problem("PUT /", new PersistenceException(full));
            assertThat(problem.status()).isEqualTo(503);
            assertThat(problem.code()).isEqualTo("catalog-full");
            assertThat(problem.retryAfterSeconds()).contains(30L);
        }
    }

    @Test
    void everythingElseIsADefectAndSaysNothingOfTheInside() {
        for (Throwable defect : new Throwable[] {
            new IllegalStateException("the inside"),
            new PersistenceException(new SQLException("the inside", "23000", 1062)),
            new PersistenceException(new SQLException("Got error 128 from the inside", "HY000", 1030)),
            new PersistenceException(new SQLException("the inside", "22001", 1406))
        }) {
            Problem problem = Unforeseen.problem("GET /", defect);
            assertThat(problem.status()).isEqualTo(500);
            assertThat(problem.toJson()).contains("\"code\":\"bug\"").doesNotContain("inside");
        }
    }

    @Test
    void whatPassesByItselfIsOneLineInTheLogAndWhatDoesNotHasItsTrace() {
        var cause = new IllegalStateException("outer", new IllegalStateException("the broker is away"));
        List<LogRecord> logged = logged(() -> {
            for (int times = 0; times < 2; times++) {
                Unforeseen.log("PUT /a", HoldfastException.comeBack("not-yet", "Try again.", Duration.ofSeconds(1)));
            }
            Unforeseen.log("PUT /b", HoldfastException.of(FailureKind.UNAVAILABLE, "away", "Later.", cause));
            Unforeseen.log("GET /c", HoldfastException.of(FailureKind.BUG, "bug", "A defect.", cause));
        });
        assertThat(logged)
                .extracting(LogRecord::getMessage, line -> line.getThrown() != null)
                .containsExactly(
                        tuple("PUT /a: not-yet: Try again.", false),
                        tuple("PUT /b: away: Later. (" + cause.getCause() + ")", false),
                        tuple("defect at GET /c", true));
    }

    private static List<LogRecord> logged(Runnable work) {
        Logger logger = Logger.getLogger(Unforeseen.class.getName());
        List<LogRecord> records = new ArrayList<>();
        logger.setFilter(line -> !records.add(line));
        try {
            work.run();
            return records;
        } finally {
            logger.setFilter(null);
        }
    }
}
