package org.holdfast.contract;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Writes each record of a log as one line, its stack trace included: what collects, counts or searches logs takes a line for
 * an event, and no text of a client's looks like an event of its own. A line break within a record is {@link #BREAK}, so that
 * {@code sed 's/\\n/\n/g'} shows a trace as usual. Times are in UTC.
 */
public final class OneLine extends Formatter {
    /** Stands for a line break within a record. */
    public static final String BREAK = "\\n";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /**
     * Lets everything that this process logs from now on be written so, where the JDK's own formatter would write it. A
     * container that was started with another one keeps that: somebody reads what it writes.
     */
    public static void install() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler.getFormatter() instanceof SimpleFormatter) {
                handler.setFormatter(new OneLine());
            }
        }
    }

    @Override
    public String format(LogRecord record) {
        String text = TIME.format(record.getInstant()) + " " + record.getLevel().getName() + " "
                + record.getLoggerName() + ": " + formatMessage(record) + trace(record);
        return text.strip().replace("\r\n", "\n").replace("\n", BREAK).replace("\r", "\\r") + "\n";
    }

    private static String trace(LogRecord record) {
        if (record.getThrown() == null) {
            return "";
        }
        var trace = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(trace));
        return "\n" + trace;
    }
}
