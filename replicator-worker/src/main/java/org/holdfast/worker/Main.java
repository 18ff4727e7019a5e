package org.holdfast.worker;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.logging.Level;
import org.holdfast.contract.HoldfastException;

/** Starts a worker. Exit codes: 0 stopped, 1 failed, 2 wrong arguments or settings. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        System.setProperty("java.util.logging.manager", ProcessLog.class.getName());
        System.exit(run(List.of(words), System.out, System.err));
    }

    static int run(List<String> words, PrintStream out, PrintStream err) {
        try {
            Arguments arguments = Arguments.parse(words);
            if (arguments.help()) {
                out.print(Arguments.HELP);
                return 0;
            }
            ProcessLog.configure(logLevel());
            WorkerConfig config = WorkerConfig.read(arguments, WorkerConfig::systemSetting);
            return serve(config);
        } catch (UsageException | HoldfastException e) {
            err.println("holdfast-worker: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            err.println("holdfast-worker: the health address can't be used (holdfast.worker.health-address, -port): "
                    + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } catch (RuntimeException e) {
            err.println("holdfast-worker: failed to start: " + e);
            return 1;
        }
    }

    private static int serve(WorkerConfig config) throws IOException, InterruptedException {
        var worker = new Worker(config, Clock.offset(Clock.systemUTC(), clockOffset()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndHalt(worker), "warm-shutdown"));
        worker.await();
        return 0;
    }

    /** A JVM that ends by a signal exits with 143; halting here is the way to say that all is well. */
    private static void stopAndHalt(Worker worker) {
        worker.stop();
        Runtime.getRuntime().halt(0);
    }

    /** How far this process's clock is ahead of the machine's; for trials. */
    private static Duration clockOffset() {
        String text = WorkerConfig.systemSetting("holdfast.clock.offset").orElse("PT0S");
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new UsageException("holdfast.clock.offset is a duration such as PT1H, not '" + text + "'", e);
        }
    }

    private static Level logLevel() {
        String text = WorkerConfig.systemSetting("holdfast.worker.log-level").orElse("INFO");
        try {
            return Level.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("holdfast.worker.log-level is INFO, FINE, WARNING …, not '" + text + "'", e);
        }
    }
}
