package org.holdfast.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The POSIX signals the launcher sends. */
enum Signal {
    /** Please end. */
    TERM,
    /** End, now. */
    KILL,
    /** Freeze. */
    STOP,
    /** Go on. */
    CONT;

    /**
     * Sends this signal; a process that is gone is no error. Goes through the shell's own {@code kill}: the JDK has no
     * call for STOP and CONT, and a minimal system has no program of that name.
     */
    void send(ProcessHandle process) {
        if (!process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name() + " " + process.pid() + " 2>/dev/null")
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw Refusal.failed("cannot signal process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends a process, frozen or not: TERM, and KILL after {@code grace}. Returns when it is gone.
     *
     * @return whether it went by itself
     */
    static boolean end(ProcessHandle process, Duration grace) {
        TERM.send(process);
        CONT.send(process);
        if (awaitExit(process, grace)) {
            return true;
        }
        KILL.send(process);
        awaitExit(process, Duration.ofSeconds(10));
        return false;
    }

    /** Whether the process was gone within {@code limit}. */
    static boolean awaitExit(ProcessHandle process, Duration limit) {
        CompletableFuture<ProcessHandle> exit = process.onExit();
        try {
            exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** The running process of that number whose command line has {@code mark} in it: a reused pid is not ours. */
    static Optional<ProcessHandle> find(long pid, String mark) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> CommandLine.of(process).contains(mark));
    }
}
