package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One process of a local cluster: it is started, watched until it answers, and ended; its pid is on record in
 * {@code DATA/run} for as long as it lives. Thread-safe: a start can be overtaken by a stop.
 */
final class Component {
    /**
     * What stays the same over all runs.
     *
     * @param name {@code mariadb}, {@code broker}, {@code m1}, {@code sn1}…, {@code worker1}…
     * @param address for people: a URL or {@code host:port}
     * @param need what must answer before it can be ready
     * @param patience how long it may stand still before its start is given up
     * @param stopWithin how long it may take to end before it is killed
     */
    record Traits(
            String name,
            ComponentKind kind,
            String address,
            Readiness readiness,
            Need need,
            Duration patience,
            Duration stopWithin) {}

    /**
     * What a component can't be ready without.
     *
     * @param what for people, with an article
     * @param probe whether it answers
     */
    record Need(String what, Readiness.Probe probe) {
        static final Need NOTHING = new Need("nothing", () -> "");

        boolean isMet() {
            return probe.complaint().isEmpty();
        }
    }

    /** Told what nobody asked for. */
    interface Listener {
        /**
         * A start takes long.
         *
         * @param name of the component
         * @param what it does, to follow the word "still"
         * @param why what is wrong so far; may be empty
         */
        void slow(String name, String what, Duration after, String why);

        /** The process ended and nobody had asked for it. */
        void died(Component component, String how);
    }

    private final Traits traits;
    private final Launch.Maker maker;
    private final Path log;
    private final Path pidFile;
    private final Listener listener;

    private ComponentState state = ComponentState.STOPPED;
    private @Nullable Process process;
    private long startedNanos;
    private boolean isBarred;

    Component(Traits traits, Launch.Maker maker, DataDir data, Listener listener) {
        this.traits = traits;
        this.maker = maker;
        this.listener = listener;
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
     * @param besideOthers whether what it needs is being started, too: it is then waited for however long it takes
     * @return how long that took
     * @throws Refusal when it runs already, fails to become ready (its process is ended then), or is stopped meanwhile
     */
    Duration start(boolean besideOthers) {
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
            keepLogShort();
            logStart = LogTail.sizeBytes(log);
            started = launchProcess(launch);
            process = started;
            startedNanos = System.nanoTime();
            state = ComponentState.STARTING;
        }
        CompletableFuture<Void> unused = started.onExit().thenAccept(this::ended);
        LogTail tail = new LogTail(log, logStart);
        var ready = new AwaitReady(started, traits, tail, listener);
        ready.run(besideOthers).ifPresent(what -> {
            throw failedStart(started, what, tail);
        });
        launch.whenReady().run();
        synchronized (this) {
            if (state == ComponentState.STARTING && started.isAlive()) {
                state = ComponentState.READY;
            }
        }
        if (state() != ComponentState.READY) {
            throw failedStart(started, "ended as soon as it was ready", tail);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Sets aside what a large log holds; the process, if there is one, goes on writing. */
    void keepLogShort() {
        new LogFile(log).rotate();
    }

    /** Ends the process, first politely; returns when it is gone. Without one nothing happens; what died stays away. */
    void stop() {
        synchronized (this) {
            if (state == ComponentState.DIED) {
                state = ComponentState.STOPPED;
            }
        }
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
        listener.died(this, exit + "; see " + log);
    }

    private Refusal failedStart(Process started, String what, LogTail tail) {
        synchronized (this) {
            if (state != ComponentState.STARTING) {
                return Refusal.failed(name() + " was " + state + " before it was ready");
            }
            state = ComponentState.STOPPING;
        }
        Signal.end(started.toHandle(), Duration.ofSeconds(3));
        if (what.equals(AwaitReady.REMOVED)) {
            settle(ComponentState.REMOVED);
            return Refusal.failed(name() + " " + what + "; what it holds stays where it is. To let it in again:"
                    + " setup/certificates renew " + name() + ", then setup/node start " + name());
        }
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
            putOnRecord(fresh, launch);
            return fresh;
        } catch (IOException e) {
            throw Refusal.failed("cannot run " + launch.command().get(0), e);
        }
    }

    /** A process that is not on record would keep its port and its files from all that are started after it. */
    private void putOnRecord(Process fresh, Launch launch) throws IOException {
        try {
            Files.writeString(pidFile, fresh.pid() + "\n" + launch.mark() + "\n", UTF_8);
        } catch (IOException e) {
            Signal.KILL.send(fresh.toHandle());
            Signal.awaitExit(fresh.toHandle(), Duration.ofSeconds(10));
            Files.deleteIfExists(pidFile);
            throw e;
        }
    }
}
