package org.holdfast.times;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The table for people: the slowest classes, one line for the rest of them, and the sums. */
final class TimesTable {
    static final int SHOWN = 25;

    private TimesTable() {}

    static List<String> of(List<TimesRow> rows) {
        List<TimesRow> slowestFirst = rows.stream()
                .sorted(Comparator.comparing(TimesRow::time).reversed().thenComparing(TimesRow::testClass))
                .toList();
        List<TimesRow> shown = slowestFirst.subList(0, Math.min(SHOWN, slowestFirst.size()));
        List<TimesRow> rest = slowestFirst.subList(shown.size(), slowestFirst.size());
        List<TimesRow> lines = new ArrayList<>();
        shown.forEach(row ->
                lines.add(sum(row.testClass().replaceFirst("^org\\.holdfast\\.", ""), row.module(), List.of(row))));
        if (!rest.isEmpty()) {
            lines.add(sum("(" + rest.size() + " more)", "", rest));
        }
        lines.add(sum("all " + rows.size(), "", rows));
        return aligned(lines);
    }

    private static TimesRow sum(String title, String module, List<TimesRow> rows) {
        return rows.stream().reduce(new TimesRow(title, module, 0, Duration.ZERO, 0), TimesRow::plus);
    }

    private static List<String> aligned(List<TimesRow> lines) {
        int names = width("TEST CLASS", lines.stream().map(TimesRow::testClass).toList());
        int modules = width("MODULE", lines.stream().map(TimesRow::module).toList());
        String cells = "%-" + names + "s  %-" + modules + "s  %6s  %8s  %5s";
        List<String> table = new ArrayList<>();
        table.add(String.format(Locale.ROOT, cells, "TEST CLASS", "MODULE", "TESTS", "SECONDS", "JVMS"));
        for (TimesRow line : lines) {
            String seconds = String.format(Locale.ROOT, "%.1f", line.time().toMillis() / 1000.0);
            table.add(String.format(
                    Locale.ROOT, cells, line.testClass(), line.module(), line.tests(), seconds, line.jvms()));
        }
        return table;
    }

    private static int width(String heading, List<String> cells) {
        return cells.stream().mapToInt(String::length).reduce(heading.length(), Math::max);
    }
}
