package org.holdfast.worker;

import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.holdfast.contract.OneLine;

/**
 * The process's log: one line a record on standard error.
 *
 * <p>It is the platform's {@link LogManager} with one difference: it is not reset by the JVM's own shutdown hook, which
 * runs beside ours and would swallow what a warm shutdown has to say.
 */
public final class ProcessLog extends LogManager {
    @Override
    public void reset() {
        // See the class.
    }

    /** To be called once, before anything logs; {@code java.util.logging.manager} must name this class by then. */
    static void configure(Level level) {
        Logger root = Logger.getLogger("");
        for (var handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        var console = new ConsoleHandler();
        console.setFormatter(new OneLine());
        console.setLevel(Level.ALL);
        root.addHandler(console);
        root.setLevel(level);
        // The client tells every lost connection with a stack trace; the slot says it in one line.
        Tuned.CLIENT.setLevel(Level.SEVERE);
        Tuned.AUDIT.setLevel(Level.OFF);
    }

    /**
     * Held, because the log manager itself keeps loggers by weak references and would forget their levels. In a class of
     * its own, because there are no loggers yet when this log manager is made.
     */
    private static final class Tuned {
        static final Logger CLIENT = Logger.getLogger("org.apache.activemq");
        static final Logger AUDIT = Logger.getLogger("org.apache.activemq.audit");
    }
}
