package org.holdfast.systemtests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened when, in minutes and seconds since it was begun. */
final class Diary {
    private final long beganNanos = System.nanoTime();
    private final List<String> lines = new ArrayList<>();

    /** Writes it down, and prints it for whoever watches. */
    void note(String what) {
        Duration at = Duration.ofNanos(System.nanoTime() - beganNanos);
        String line = String.format(Locale.ROOT, "%3d:%02d  %s", at.toMinutes(), at.toSecondsPart(), what);
        lines.add(line);
        System.out.println(line);
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
