package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One process of a local cluster: it is started, watched until it answers, and ended; its pid is on record in
 * {@code DATA/run} for as long as it lives. Thread-safe: a start can be overtaken by a stop.
 */
final class Component {
    private static final long ROTATE_LOG_BYTES = 10L << 20;
    private static final Duration POLL_EVERY = Duration.ofMillis(50);
    /** The log is searched less often than the ports are asked: reading it costs more. */
    private static final int POLLS_PER_LOG_SCAN = 10;

    /**
     * What stays the same over all runs.
     *
     * @param name {@code mariadb}, {@code broker}, {@code m1}, {@code sn1}…, {@code worker1}…
     * @param address for people: a URL or {@code host:port}
     * @param readyWithin how long a start may take
     * @param stopWithin how long it may take to end before it is killed
     */
    record Traits(
            String name,
            ComponentKind kind,
            String address,
            Readiness readiness,
            Duration readyWithin,
            Duration stopWithin) {}

    private final Traits traits;
    private final Launch.Maker maker;
    private final Path log;
    private final Path pidFile;
    private final BiConsumer<Component, String> onDeath;

    private ComponentState state = ComponentState.STOPPED;
    private @Nullable Process process;
    private long startedNanos;
    private boolean isBarred;

    /** @param onDeath told when the process ends and nobody asked for it */
    Component(Traits traits, Launch.Maker maker, DataDir data, BiConsumer<Component, String> onDeath) {
        this.traits = traits;
        this.maker = maker;
        this.onDeath = onDeath;
        log = data.logs().resolve(traits.name() + ".log");
        pidFile = data.run().resolve(traits.name() + ".pid");
    }

    String name() {
        return traits.name();
    }

    ComponentKind kind() {
        return traits.kind();
    }

    String address() {
        return traits.address();
    }

    synchronized ComponentState state() {
        return state;
    }

    /** The pid, or -1 when there is no process. */
    synchronized long pid() {
        return process != null && process.isAlive() ? process.pid() : -1;
    }

    /** How long the process has been there; zero without one. */
    synchronized Duration uptime() {
        return pid() < 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** What is wrong with a component that should answer, or an empty string. Asks over the network. */
    String complaint() {
        return traits.readiness().complaint();
    }

    /**
     * Starts the process and returns when it is ready.
     *
     * @return how long that took
     * @throws Refusal when it runs already, fails to become ready (its process is ended then), or is stopped meanwhile
     */
    Duration start() {
        long begin = System.nanoTime();
        requireNotRunning();
        Launch launch = maker.make();
        long logStart;
        Process started;
        synchronized (this) {
            if (isBarred) {
                throw Refusal.failed(name() + " is not started, for the cluster is ending");
            }
            requireNotRunning();
            rotateLog();
            logStart = LogTail.sizeBytes(log);
            started = launchProcess(launch);
            process = started;
            startedNanos = System.nanoTime();
            state = ComponentState.STARTING;
        }
        CompletableFuture<Void> unused = started.onExit().thenAccept(this::ended);
        awaitReady(started, new LogTail(log, logStart));
        launch.whenReady().run();
        synchronized (this) {
            if (state == ComponentState.STARTING && started.isAlive()) {
                state = ComponentState.READY;
            }
        }
        if (state() != ComponentState.READY) {
            throw failedStart(started, "ended as soon as it was ready", new LogTail(log, logStart));
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Ends the process, first politely; returns when it is gone. Nothing happens when there is none. */
    void stop() {
        Process running = leaveRunning(ComponentState.STOPPING);
        if (running != null) {
            Signal.end(running.toHandle(), traits.stopWithin());
            settle(ComponentState.STOPPED);
        }
    }

    /** Like {@link #stop()}, and no start succeeds any more. */
    void stopForGood() {
        synchronized (this) {
            isBarred = true;
        }
        stop();
    }

    /** Ends the process as a crash would. */
    void kill() {
        Process running = leaveRunning(ComponentState.KILLED);
        if (running == null) {
            throw Refusal.failed(name() + " does not run");
        }
        Signal.KILL.send(running.toHandle());
        Signal.awaitExit(running.toHandle(), Duration.ofSeconds(10));
        settle(ComponentState.KILLED);
    }

    /** Freezes the process: it keeps its connections and answers nothing. */
    synchronized void pause() {
        if (process == null || state != ComponentState.READY) {
            throw Refusal.failed(name() + " is " + state + " and cannot be paused");
        }
        Signal.STOP.send(process.toHandle());
        state = ComponentState.PAUSED;
    }

    /** Lets a frozen process go on. */
    synchronized void resume() {
        if (process == null || state != ComponentState.PAUSED) {
            throw Refusal.failed(name() + " is " + state + ", not paused");
        }
        Signal.CONT.send(process.toHandle());
        state = ComponentState.READY;
    }

    /** A process that has just ended by itself does not run, though its watcher may not have come to it yet. */
    private synchronized void requireNotRunning() {
        if (process != null && !process.isAlive()) {
            ended(process);
        }
        if (state.isRunning()) {
            throw Refusal.failed(name() + " runs already (pid " + pid() + ")");
        }
    }

    private synchronized @Nullable Process leaveRunning(ComponentState next) {
        if (process == null || !state.isRunning()) {
            return null;
        }
        state = next;
        return process;
    }

    private synchronized void settle(ComponentState last) {
        state = last;
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw Refusal.failed("cannot delete " + pidFile, e);
        }
    }

    private void ended(Process gone) {
        String exit;
        synchronized (this) {
            if (process != gone || !(state == ComponentState.READY || state == ComponentState.PAUSED)) {
                return;
            }
            settle(ComponentState.DIED);
            int code = gone.exitValue();
            exit = code > 128 ? "signal " + (code - 128) : "exit code " + code;
        }
        onDeath.accept(this, exit + "; see " + log);
    }

    private void awaitReady(Process started, LogTail tail) {
        long deadline = System.nanoTime() + traits.readyWithin().toNanos();
        String complaint = "";
        for (int poll = 1; System.nanoTime() < deadline; poll++) {
            if (!started.isAlive()) {
                throw failedStart(started, "ended with exit code " + started.exitValue(), tail);
            }
            complaint = traits.readiness().complaint();
            if (complaint.isEmpty()) {
                return;
            }
            if (poll % POLLS_PER_LOG_SCAN == 0 && tail.tellsOfFailedDeployment()) {
                throw failedStart(started, "does not deploy", tail);
            }
            Signal.awaitExit(started.toHandle(), POLL_EVERY);
        }
        throw failedStart(
                started, "is not ready after " + traits.readyWithin().toSeconds() + " s (" + complaint + ")", tail);
    }

    private Refusal failedStart(Process started, String what, LogTail tail) {
        synchronized (this) {
            if (state != ComponentState.STARTING) {
                return Refusal.failed(name() + " was " + state + " before it was ready");
            }
            state = ComponentState.STOPPING;
        }
        Signal.end(started.toHandle(), Duration.ofSeconds(3));
        settle(ComponentState.DIED);
        return Refusal.failed(name() + " " + what + ":\n  " + tail.reason().replace("\n", "\n  ") + "\n  log: " + log);
    }

    private Process launchProcess(Launch launch) {
        List<String> command = new ArrayList<>(OwnSession.prefix());
        command.addAll(launch.command());
        try {
            Process fresh = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Files.writeString(pidFile, fresh.pid() + "\n" + launch.mark() + "\n", UTF_8);
            return fresh;
        } catch (IOException e) {
            throw Refusal.failed("cannot run " + launch.command().get(0), e);
        }
    }

    private void rotateLog() {
        if (LogTail.sizeBytes(log) > ROTATE_LOG_BYTES) {
            try {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw Refusal.failed("cannot rotate " + log, e);
            }
        }
    }
}
