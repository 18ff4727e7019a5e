package org.holdfast.setup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The table that {@code setup/status} prints. */
final class StatusTable {
    /**
     * One component.
     *
     * @param pid -1 without a process
     * @param uptime of the process
     * @param health {@code ok}, what is wrong, or {@code -} when there is nobody to ask
     */
    record Row(String component, String state, long pid, String address, Duration uptime, String health) {
        static Row of(Component component) {
            ComponentState state = component.state();
            boolean canAnswer = state == ComponentState.READY || state == ComponentState.STARTING;
            String complaint = canAnswer ? component.complaint() : "-";
            return new Row(
                    component.name(),
                    state.toString(),
                    component.pid(),
                    component.address(),
                    component.uptime(),
                    complaint.isEmpty() ? "ok" : complaint);
        }
    }

    private StatusTable() {}

    /** A header and one line per row, columns aligned, lines ended by a newline. */
    static String render(List<Row> rows) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("COMPONENT", "STATE", "PID", "ADDRESS", "UPTIME", "HEALTH"));
        for (Row row : rows) {
            boolean lives = row.pid() >= 0;
            cells.add(List.of(
                    row.component(),
                    row.state(),
                    lives ? Long.toString(row.pid()) : "-",
                    row.address(),
                    lives ? uptime(row.uptime()) : "-",
                    row.health()));
        }
        return table(cells);
    }

    /** Lines of cells, the first being the header, as many in each; columns aligned, lines ended by a newline. */
    static String table(List<List<String>> cells) {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < cells.get(0).size(); column++) {
            int at = column;
            widths.add(Collections.max(
                    cells.stream().map(line -> line.get(at).length()).toList()));
        }
        StringBuilder table = new StringBuilder();
        for (List<String> line : cells) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < line.size(); column++) {
                String cell = line.get(column);
                text.append(cell).append(" ".repeat(widths.get(column) - cell.length() + 2));
            }
            table.append(text.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }

    private static String uptime(Duration uptime) {
        if (uptime.toHours() > 0) {
            return uptime.toHours() + "h" + uptime.toMinutesPart() + "m";
        }
        return uptime.toMinutes() > 0
                ? uptime.toMinutes() + "m" + uptime.toSecondsPart() + "s"
                : uptime.toSeconds() + "s";
    }
}
