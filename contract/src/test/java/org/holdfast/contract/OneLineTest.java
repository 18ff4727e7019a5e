package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.XMLFormatter;
import org.junit.jupiter.api.Test;

class OneLineTest {
    private static String written(String message, Throwable thrown) {
        var record = new LogRecord(Level.WARNING, message);
        record.setLoggerName("org.holdfast.Example");
        record.setInstant(Instant.parse("2026-11-30T12:00:00.05Z"));
        record.setParameters(new Object[] {"sn1"});
        record.setThrown(thrown);
        return new OneLine().format(record);
    }

    @Test
    void an_event_is_one_line_with_its_stack_trace() {
        String line = written("{0} failed", new IllegalStateException("outer", new RuntimeException("inner")));
        assertThat(line).endsWith("\n");
        assertThat(line.lines()).hasSize(1);
        assertThat(line.replace(OneLine.BREAK, "\n"))
                .startsWith("2026-11-30T12:00:00.050Z WARNING org.holdfast.Example: sn1 failed\n"
                        + "java.lang.IllegalStateException: outer\n\tat ")
                .contains("\nCaused by: java.lang.RuntimeException: inner\n\t");
    }

    @Test
    void what_a_client_sends_makes_no_event_of_its_own() {
        assertThat(written("no a\n2026-11-30T12:00:00.050Z INFO b\r\nc\rd", new RuntimeException("e\nf"))
                        .lines())
                .hasSize(1);
    }

    @Test
    void without_a_failure_it_is_what_it_says() {
        var record = new LogRecord(Level.INFO, "100% {0}");
        record.setLoggerName("a");
        record.setInstant(Instant.EPOCH);
        assertThat(new OneLine().format(record)).isEqualTo("1970-01-01T00:00:00.000Z INFO a: 100% {0}\n");
    }

    @Test
    void aFormThatSomebodyChoseIsKept() {
        Logger root = Logger.getLogger("");
        List<Handler> ofThisProcess = List.of(root.getHandlers());
        ofThisProcess.forEach(root::removeHandler);
        var plain = new ConsoleHandler();
        plain.setFormatter(new SimpleFormatter());
        var chosen = new ConsoleHandler();
        chosen.setFormatter(new XMLFormatter());
        root.addHandler(plain);
        root.addHandler(chosen);
        try {
            OneLine.install();
            assertThat(plain.getFormatter()).isInstanceOf(OneLine.class);
            assertThat(chosen.getFormatter()).isInstanceOf(XMLFormatter.class);
        } finally {
            root.removeHandler(plain);
            root.removeHandler(chosen);
            ofThisProcess.forEach(root::addHandler);
        }
    }
}
