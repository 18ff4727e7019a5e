package org.holdfast.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.holdfast.setup.MariaDb;
import org.holdfast.setup.Ports;

/**
 * A database of its own for one test class, with the real migrations, on a real MariaDB that is started once per JVM
 * (about 3 s; a further database costs about 0.3 s) with the settings of the product, its files in memory where the
 * machine has room for them.
 *
 * <pre>{@code
 * @AutoClose
 * static final TestDatabase database = TestDatabase.migrated();
 * }</pre>
 *
 * Closing drops the database; the server ends with the JVM, and its files go with it.
 */
public final class TestDatabase implements AutoCloseable {
    private static final String PASSWORD = "for-tests-only";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    /** Starts when it is first asked for, not when the class is loaded. */
    private static final class Server {
        static final MariaDb RUNNING = start();

        private static MariaDb start() {
            try {
                Path directory = ShortLivedFiles.directory();
                MariaDb server = MariaDb.start(directory.resolve("data"), Ports.anyFree(), PASSWORD);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, directory), "end-test-database"));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void end(MariaDb server, Path directory) {
            // Killed, not stopped: nobody wants what is in it any more.
            server.kill();
            try {
                ShortLivedFiles.delete(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** An empty database with every migration applied. */
    public static TestDatabase migrated() {
        TestDatabase database = empty();
        database.flyway().migrate();
        return database;
    }

    /** A database without any table. */
    public static TestDatabase empty() {
        // The server lets its user make databases whose names begin so.
        String name = "holdfast_test_" + COUNT.incrementAndGet();
        try (Connection connection =
                        DriverManager.getConnection(Server.RUNNING.jdbcUrl(), Server.RUNNING.user(), PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        } catch (SQLException e) {
            throw new IllegalStateException("no database for the test", e);
        }
        return new TestDatabase(name);
    }

    /** Flyway over this database, with the migrations of this module. */
    public Flyway flyway() {
        return configured().load();
    }

    /** Applies the migrations as far as this one, as an older release has left its database. */
    void migrateTo(String version) {
        configured().target(version).load().migrate();
    }

    private FluentConfiguration configured() {
        return Flyway.configure().dataSource(jdbcUrl(), user(), password()).locations("classpath:db/migration");
    }

    public String jdbcUrl() {
        return "jdbc:mariadb://127.0.0.1:" + Server.RUNNING.port() + "/" + name + "?allowMultiQueries=true";
    }

    public String user() {
        return Server.RUNNING.user();
    }

    public String password() {
        return PASSWORD;
    }

    /** A new connection; the caller closes it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user(), password());
    }

    /**
     * Runs statements, separated by semicolons, on a connection of their own.
     *
     * @return the rows of the last statement that has any: names of columns, in order, to values as text ({@code
     *     "NULL"} for null)
     */
    public List<Map<String, String>> run(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            List<Map<String, String>> rows = new ArrayList<>();
            boolean isResult = statement.execute(sql);
            while (isResult || statement.getUpdateCount() != -1) {
                if (isResult) {
                    rows = rows(statement.getResultSet());
                }
                isResult = statement.getMoreResults();
            }
            return rows;
        }
    }

    private static List<Map<String, String>> rows(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<Map<String, String>> rows = new ArrayList<>();
        while (result.next()) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int column = 1; column <= columns.getColumnCount(); column++) {
                String value = result.getString(column);
                row.put(columns.getColumnLabel(column), value == null ? "NULL" : value);
            }
            rows.add(row);
        }
        return rows;
    }

    /** Drops the database. */
    @Override
    public void close() throws SQLException {
        run("DROP DATABASE " + name);
    }
}
