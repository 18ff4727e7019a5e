package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MariaDbIT {
    private static final String PASSWORD = "it's a \\ password";

    @TempDir
    Path temp;

    @Test
    void keeps_its_data_over_a_kill_and_takes_the_password_of_its_last_start() throws SQLException {
        Path directory = temp.resolve("db");
        try (MariaDb first = MariaDb.start(directory, Ports.anyFree(), PASSWORD)) {
            try (Connection connection = connect(first, PASSWORD);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kelp (name VARCHAR(20) PRIMARY KEY)");
                statement.execute("INSERT INTO kelp VALUES ('Holdfast'), ('holdfast'), ('🪸')");
            }
            first.kill();
            assertThat(first.isAlive()).isFalse();
        }
        try (MariaDb second = MariaDb.start(directory, Ports.anyFree(), "another")) {
            assertThat(ask(second, "another", "SELECT COUNT(*) FROM kelp")).isEqualTo("3");
            assertThatThrownBy(() -> connect(second, PASSWORD).close()).isInstanceOf(SQLException.class);
        }
        assertThat(directory.resolve("holdfast-init.sql")).doesNotExist();
    }

    @Test
    void is_configured_for_durability_and_for_names_that_differ_in_case() throws SQLException {
        try (MariaDb db = MariaDb.start(temp.resolve("db"), Ports.anyFree(), PASSWORD)) {
            assertThat(ask(db, PASSWORD, "SELECT @@innodb_flush_log_at_trx_commit"))
                    .isEqualTo("1");
            assertThat(ask(db, PASSWORD, "SELECT @@collation_database")).isEqualTo("utf8mb4_bin");
            assertThat(ask(db, PASSWORD, "SELECT @@time_zone")).isEqualTo("+00:00");
            assertThatThrownBy(() -> ask(db, PASSWORD, "SELECT COUNT(*) FROM mysql.global_priv"))
                    .hasMessageContaining("denied");
        }
    }

    @Test
    void withTlsItsUserComesInWithTlsOnlyAndSeesTheClustersCertificate() throws SQLException {
        Transport transport = transport("data");
        try (MariaDb db = MariaDb.start(temp.resolve("db"), Ports.anyFree(), PASSWORD, transport.database());
                Connection connection =
                        DriverManager.getConnection(transport.databaseUrl(db.port()), MariaDb.USER, PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet status = statement.executeQuery("SHOW STATUS LIKE 'Ssl_version'")) {
            assertThat(status.next()).isTrue();
            assertThat(status.getString(2)).startsWith("TLSv1.");
            assertThatThrownBy(
                            () -> DriverManager.getConnection(db.jdbcUrl() + "?sslMode=disable", MariaDb.USER, PASSWORD)
                                    .close())
                    .isInstanceOf(SQLException.class);
            String asAnotherCluster = transport("other").databaseUrl(db.port());
            assertThatThrownBy(() -> DriverManager.getConnection(asAnotherCluster, MariaDb.USER, PASSWORD)
                            .close())
                    .isInstanceOf(SQLException.class);
        }
        try (MariaDb db = MariaDb.start(temp.resolve("db"), Ports.anyFree(), PASSWORD)) {
            assertThat(ask(db, PASSWORD, "SELECT 1")).as("back in plain text").isEqualTo("1");
        }
    }

    private Transport transport(String cluster) {
        return new Transport(
                Optional.of(
                        Certificates.open(DataDir.open(temp.resolve(cluster)), Clock.systemUTC(), new SecureRandom())),
                Reach.loopback(0));
    }

    @Test
    void lets_nobody_in_without_a_password() {
        try (MariaDb db = MariaDb.start(temp.resolve("db"), Ports.anyFree(), PASSWORD)) {
            for (String user : new String[] {"root", "", "holdfast"}) {
                assertThatThrownBy(() -> DriverManager.getConnection(db.jdbcUrl(), user, "")
                                .close())
                        .as(user)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void refuses_a_port_that_is_taken() {
        Path directory = temp.resolve("db");
        try (MariaDb first = MariaDb.start(directory, Ports.anyFree(), PASSWORD)) {
            assertThatThrownBy(() -> MariaDb.start(temp.resolve("other"), first.port(), PASSWORD))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("port " + first.port() + " is taken");
        }
    }

    @Test
    void tells_why_it_does_not_start() throws IOException {
        Path directory = temp.resolve("db");
        MariaDb.start(directory, Ports.anyFree(), PASSWORD).stop();
        Files.writeString(directory.resolve("ibdata1"), "no table space");
        assertThatThrownBy(() -> MariaDb.start(directory, Ports.anyFree(), PASSWORD))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("InnoDB");
    }

    private static Connection connect(MariaDb db, String password) throws SQLException {
        return DriverManager.getConnection(db.jdbcUrl(), db.user(), password);
    }

    private static String ask(MariaDb db, String password, String sql) throws SQLException {
        try (Connection connection = connect(db, password);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
