package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A real MariaDB server on loopback, for one cluster or one test: full durability at each commit, {@code utf8mb4_bin}
 * (names that differ in case are different names), UTC, a database {@code holdfast} and a user {@code holdfast} who may
 * do everything in databases whose name begins with {@code holdfast} and nothing elsewhere. Root has no way in over TCP.
 *
 * <pre>{@code
 * try (MariaDb db = MariaDb.start(temporaryDirectory, Ports.anyFree(), "a password")) {
 *     DriverManager.getConnection(db.jdbcUrl(), db.user(), db.password());
 * }
 * }</pre>
 *
 * The data stays in the directory: a second start with the same directory finds it again, with whatever password it is
 * given then. The first start of a directory takes about 1.5 s (2.5 s more once per build, to unpack the server), later
 * ones 0.5 s. Thread-safe.
 */
public final class MariaDb implements AutoCloseable {
    /** The database user that everything uses. */
    public static final String USER = "holdfast";

    /** The database that the cluster uses. */
    public static final String DATABASE = "holdfast";

    private static final Duration READY_WITHIN = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    /** A clean shutdown flushes the buffer pool; 128 MiB take a slow disk some seconds. */
    static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final Process process;
    private final Prepared prepared;
    private final String password;
    private final Thread endsWithTheJvm;

    private MariaDb(Process process, Prepared prepared, String password) {
        this.process = process;
        this.prepared = prepared;
        this.password = password;
        endsWithTheJvm = new Thread(process::destroyForcibly, "end-mariadb");
        Runtime.getRuntime().addShutdownHook(endsWithTheJvm);
    }

    /**
     * What a server needs to speak TLS, as PEM files.
     *
     * @param certificate its own, followed by the authority's
     */
    record Tls(Path certificate, Path key, Path authority) {}

    /**
     * How making a new data directory is waited for.
     *
     * @param limit how long it may stand still
     * @param slow told now and then how long it takes
     */
    record Patience(Duration limit, Consumer<Duration> slow) {}

    /**
     * A data directory that is ready to be served.
     *
     * @param command what to run
     * @param port where it will listen, on 127.0.0.1
     * @param client the {@code mariadb} program for people
     * @param version which MariaDB it is, and where it comes from
     * @param passwordFile SQL with the password in it, to be deleted when the server is ready
     */
    record Prepared(List<String> command, int port, Path client, String version, Path passwordFile) {

        /** Deletes the file that told the server its password. */
        void forgetPassword() {
            try {
                Files.deleteIfExists(passwordFile);
            } catch (IOException e) {
                throw Refusal.failed("cannot delete " + passwordFile, e);
            }
        }
    }

    /**
     * Starts a server and returns when it accepts connections.
     *
     * @param directory the data directory; made when it is not there. Its log goes to {@code mariadb.log} in it.
     * @param port a free port on 127.0.0.1
     * @param password for the user {@value #USER}, from now on
     * @throws Refusal with the end of the server's log when it does not come up
     */
    public static MariaDb start(Path directory, int port, String password) {
        return start(directory, port, password, Optional.empty());
    }

    static MariaDb start(Path directory, int port, String password, Optional<Tls> tls) {
        Ports.requireFree(port);
        Prepared prepared = prepare(directory, port, password, tls, new Patience(READY_WITHIN, elapsed -> {}));
        Path log = directory.resolve("mariadb.log");
        long logStart = LogTail.sizeBytes(log);
        try {
            Process process = new ProcessBuilder(prepared.command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            MariaDb db = new MariaDb(process, prepared, password);
            if (!Readiness.mariaDb(port).await(process.toHandle(), READY_WITHIN)) {
                db.kill();
                throw Refusal.failed(
                        "MariaDB does not come up on port " + port + ": " + new LogTail(log, logStart).reason());
            }
            prepared.forgetPassword();
            return db;
        } catch (IOException e) {
            throw Refusal.failed("cannot run " + prepared.command().get(0), e);
        }
    }

    /**
     * Makes the data directory when it is not there and says how to serve it; starts nothing that stays.
     *
     * @param tls with it, the user {@value #USER} gets in with TLS only; without it, the server has none
     */
    static Prepared prepare(Path directory, int port, String password, Optional<Tls> tls, Patience patience) {
        try {
            Path versionFile = directory.resolve("holdfast-mariadb-version");
            Optional<MariaDbProgram.Version> written = Files.exists(versionFile)
                    ? MariaDbProgram.Version.find(Files.readString(versionFile, UTF_8))
                    : Optional.empty();
            MariaDbProgram program = MariaDbProgram.choose(written);
            if (!Files.isDirectory(directory.resolve("mysql"))) {
                bootstrap(program, directory, patience);
            }
            PrivateDirectory.make(temporary(directory));
            Files.writeString(versionFile, program.version() + "\n", UTF_8);
            Path init = directory.resolve("holdfast-init.sql").toAbsolutePath();
            PrivateFile.write(init, initSql(password, tls.isPresent()));
            return new Prepared(
                    command(program, directory, port, init, tls),
                    port,
                    program.client(),
                    program.version() + (program.isBundled() ? "" : " (" + program.server() + ")"),
                    init);
        } catch (IOException e) {
            throw Refusal.failed("cannot prepare the database in " + directory, e);
        }
    }

    private static Path temporary(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".tmp");
    }

    private static List<String> command(
            MariaDbProgram program, Path directory, int port, Path init, Optional<Tls> tls) {
        List<String> command = new ArrayList<>(program.command());
        command.addAll(List.of(
                "--datadir=" + directory.toAbsolutePath(),
                // A server that starts deletes all temporary tables it finds, those of its neighbours in /tmp included.
                "--tmpdir=" + temporary(directory).toAbsolutePath(),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                // Relative to the data directory: an absolute path is easily longer than the 107 bytes of a socket
                // name.
                "--socket=mariadb.sock",
                "--pid-file=mariadb.pid",
                "--init-file=" + init,
                "--character-set-server=utf8mb4",
                "--collation-server=utf8mb4_bin",
                "--default-time-zone=+00:00",
                "--innodb-flush-log-at-trx-commit=1",
                "--innodb-buffer-pool-size=128M",
                "--innodb-log-file-size=64M",
                "--max-connections=300",
                "--max-allowed-packet=64M",
                "--performance-schema=OFF",
                // 1: errors only; a readiness probe that connects and leaves is no news.
                "--log-warnings=1"));
        command.addAll(tls.map(MariaDb::secured)
                // With TLS on and no certificate given, MariaDB makes a key at each start (3 to 9 s).
                .orElse(List.of("--skip-ssl")));
        return command;
    }

    private static List<String> secured(Tls tls) {
        return List.of(
                "--ssl-cert=" + tls.certificate(),
                "--ssl-key=" + tls.key(),
                "--ssl-ca=" + tls.authority(),
                "--tls-version=TLSv1.2,TLSv1.3");
    }

    /**
     * Writes the system tables as mariadb-install-db does, without its time zones and help texts, into a directory that
     * gets its name when it is whole. Root is bound to the operating system's user, so no account without a password
     * ever exists.
     */
    private static void bootstrap(MariaDbProgram program, Path directory, Patience patience) throws IOException {
        Path draft = directory.resolveSibling(directory.getFileName() + ".new");
        DataDir.deleteTree(draft);
        PrivateDirectory.make(draft);
        List<String> command = new ArrayList<>(program.command());
        command.addAll(List.of(
                "--bootstrap",
                "--datadir=" + draft.toAbsolutePath(),
                "--tmpdir=" + draft.toAbsolutePath(),
                "--log-warnings=0",
                "--skip-ssl",
                "--enforce-storage-engine=",
                "--max-allowed-packet=8M",
                // Nothing is lost if this run is interrupted: the next start begins it again.
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-log-file-size=64M"));
        Path sql = draft.resolve("bootstrap.sql");
        Files.writeString(sql, bootstrapSql(program), UTF_8);
        Path log = draft.resolve("bootstrap.log");
        Process process = new ProcessBuilder(command)
                .redirectInput(sql.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!awaitExit(process, new LogTail(log, 0), patience) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw Refusal.failed(
                        "MariaDB cannot make its system tables: " + new LogTail(log, 0).reason() + " (" + log + ")");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw Refusal.failed("interrupted while MariaDB made its system tables");
        }
        Files.delete(sql);
        if (Files.isDirectory(directory)) {
            // What is there has no system tables: an empty directory of the caller, or the rest of an old attempt.
            DataDir.deleteTree(directory);
        }
        Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    /** False when it stands still. */
    private static boolean awaitExit(Process process, LogTail tail, Patience patience) throws InterruptedException {
        var standstill = Standstill.of(process.toHandle(), tail, patience.limit());
        var moments = new SlowMoments(patience.limit());
        long beginNanos = System.nanoTime();
        while (!process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            if (standstill.lasts().compareTo(patience.limit()) >= 0) {
                return false;
            }
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beginNanos);
            if (moments.hasCome(elapsed)) {
                patience.slow().accept(elapsed);
            }
        }
        return true;
    }

    private static String bootstrapSql(MariaDbProgram program) throws IOException {
        StringBuilder sql = new StringBuilder("create database if not exists mysql;\nuse mysql;\n");
        sql.append("SET @auth_root_socket=")
                .append(quoted(System.getProperty("user.name")))
                .append(";\n");
        for (String name : List.of("system_tables.sql", "performance_tables.sql", "system_tables_data.sql")) {
            Path script = MariaDbProgram.script(program.share(), name)
                    .orElseThrow(() -> Refusal.failed("MariaDB's script " + name + " is not in " + program.share()));
            sql.append(Files.readString(script, UTF_8)).append('\n');
        }
        return sql.toString();
    }

    private static String initSql(String password, boolean withTls) {
        String user = "'" + USER + "'@'127.0.0.1'";
        return "CREATE DATABASE IF NOT EXISTS " + DATABASE + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\n"
                + "CREATE OR REPLACE USER " + user + " IDENTIFIED BY " + quoted(password)
                + (withTls ? " REQUIRE SSL;\n" : " REQUIRE NONE;\n") + "GRANT ALL ON `" + DATABASE + "%`.* TO " + user
                + ";\n";
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** {@code jdbc:mariadb://127.0.0.1:port/holdfast}. */
    public String jdbcUrl() {
        return "jdbc:mariadb://127.0.0.1:" + prepared.port() + "/" + DATABASE;
    }

    /** {@value #USER}. */
    public String user() {
        return USER;
    }

    /** The password it was started with. */
    public String password() {
        return password;
    }

    /** The port on 127.0.0.1. */
    public int port() {
        return prepared.port();
    }

    /** Whether the server still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Shuts down cleanly and returns when the process is gone. A second call does nothing. */
    public void stop() {
        Signal.end(process.toHandle(), STOP_WITHIN);
        forget();
    }

    /** Ends the server as a power cut would (SIGKILL) and returns when the process is gone. */
    public void kill() {
        Signal.KILL.send(process.toHandle());
        Signal.awaitExit(process.toHandle(), Duration.ofSeconds(10));
        forget();
    }

    /** The same as {@link #stop()}. */
    @Override
    public void close() {
        stop();
    }

    private void forget() {
        prepared.forgetPassword();
        try {
            Runtime.getRuntime().removeShutdownHook(endsWithTheJvm);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and with it the hook.
            return;
        }
    }
}
