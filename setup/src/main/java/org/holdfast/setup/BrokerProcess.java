package org.holdfast.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Broker} in a JVM of its own, for tests that want to kill it. The same directory, port and password start it
 * again with its journal as the kill left it. Ready in about 2 s. Thread-safe.
 */
public final class BrokerProcess implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(1);
    /** Closing the journal syncs it; long before this something is wrong. */
    static final Duration STOP_WITHIN = Duration.ofSeconds(20);

    private final Process process;
    private final int port;

    private BrokerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts the process and returns when it accepts connections.
     *
     * @param directory for the journal, the password's file and the log ({@code broker.log})
     * @param port a free port on 127.0.0.1
     * @param password of the user {@value Broker#USER}
     * @throws Refusal with the end of the log when it does not come up
     */
    public static BrokerProcess start(Path directory, int port, String password) {
        Ports.requireFree(port);
        Path log = directory.resolve("broker.log");
        try {
            Files.createDirectories(directory);
            Path passwordFile = directory.resolve("broker.password");
            PrivateFile.write(passwordFile, password + "\n");
            long logStart = LogTail.sizeBytes(log);
            List<String> command = new ArrayList<>(List.of(Jvm.java().toString()));
            command.addAll(List.of("-XX:+UseSerialGC", "-Xmx192m"));
            command.addAll(arguments(directory, port, passwordFile));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-broker"));
            if (!Readiness.broker(port).await(process.toHandle(), READY_WITHIN)) {
                process.destroyForcibly();
                throw Refusal.failed(
                        "the broker does not come up on port " + port + ": " + new LogTail(log, logStart).reason());
            }
            return new BrokerProcess(process, port);
        } catch (IOException e) {
            throw Refusal.failed("cannot run the broker in " + directory, e);
        }
    }

    /** The arguments after {@code java} and its tuning. */
    static List<String> arguments(Path directory, int port, Path passwordFile) {
        return List.of(
                "-Dholdfast.broker.data=" + directory.toAbsolutePath(),
                "-Dholdfast.broker.port=" + port,
                "-Dholdfast.broker.password-file=" + passwordFile.toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                Broker.class.getName());
    }

    /** {@code tcp://127.0.0.1:port}. */
    public String url() {
        return "tcp://127.0.0.1:" + port;
    }

    /** Whether the process still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the broker cleanly and returns when the process is gone. A second call does nothing. */
    public void stop() {
        Signal.end(process.toHandle(), STOP_WITHIN);
    }

    /** Ends the broker as a power cut would (SIGKILL) and returns when the process is gone. */
    public void kill() {
        Signal.KILL.send(process.toHandle());
        Signal.awaitExit(process.toHandle(), Duration.ofSeconds(10));
    }

    /** The same as {@link #stop()}. */
    @Override
    public void close() {
        stop();
    }
}
