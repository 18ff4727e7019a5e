package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

/**
 * What the person at the terminal reads: one line per event. The time each component took is kept in
 * {@code DATA/run/boot-times.tsv} (when, component, seconds).
 */
final class Progress implements Component.Listener {
    private final PrintStream out;
    private final Path bootTimes;
    private final Clock clock;

    Progress(PrintStream out, DataDir data, Clock clock) {
        this.out = out;
        this.clock = clock;
        bootTimes = data.run().resolve("boot-times.tsv");
    }

    /** A component answers as it should. */
    void ready(Component component, Duration took) {
        line(component.name(), "ready", seconds(took) + " s", component.address());
        record(component.name(), took);
    }

    /** Everything is ready. */
    void total(Duration took) {
        record("all", took);
    }

    @Override
    public void slow(String name, String what, Duration after, String why) {
        say(String.format(Locale.ROOT, "%-9s still %s, %d s", name, what, after.toSeconds())
                + (why.isEmpty() ? "" : " (" + why + ")"));
    }

    @Override
    public void died(Component component, String how) {
        line(component.name(), "died", "", how + "; setup/node start " + component.name() + " brings it back");
    }

    /** It is away, and will be started again by itself. */
    void diedAndComesBack(Component component, String how, Duration pause) {
        line(component.name(), "died", "", how + "; it is started again in " + seconds(pause) + " s");
    }

    /** Something else worth a line. */
    synchronized void say(String text) {
        out.println(text);
        out.flush();
    }

    private void line(String name, String what, String time, String rest) {
        say(String.format(Locale.ROOT, "%-9s %-6s %7s  %s", name, what, time, rest)
                .stripTrailing());
    }

    private synchronized void record(String name, Duration took) {
        try {
            Files.writeString(
                    bootTimes,
                    clock.instant() + "\t" + name + "\t" + seconds(took) + "\n",
                    UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            say("cannot write " + bootTimes + ": " + e.getMessage());
        }
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f", took.toMillis() / 1000.0);
    }
}
