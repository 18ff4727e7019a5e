package org.holdfast.master.api;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.holdfast.contract.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * An answer with rows: JSON for programs, a table for people with curl, tab-separated values for scripts.
 *
 * @param envelope the facts around the rows, in JSON only
 * @param rowsName name of the rows' array in JSON
 * @param columns names of the columns in text, each a member of the rows; the last may hold spaces
 * @param rows the rows
 */
record Listing(JsonObject envelope, String rowsName, List<String> columns, List<JsonObject> rows) {
    /** A listing with nothing around its rows. */
    static Listing of(String rowsName, List<String> columns, List<JsonObject> rows) {
        return new Listing(JsonValue.EMPTY_JSON_OBJECT, rowsName, columns, rows);
    }

    JsonObject toJson() {
        JsonObjectBuilder json = JsonText.object(envelope);
        JsonArrayBuilder array = JsonText.array();
        rows.forEach(array::add);
        return json.add(rowsName, array).build();
    }

    /** A header line, then a line for each row; tabs and line ends within a text become spaces. */
    String toTsv() {
        var text = new StringBuilder(String.join("\t", columns)).append('\n');
        for (JsonObject row : rows) {
            text.append(String.join("\t", cells(row))).append('\n');
        }
        return text.toString();
    }

    /**
     * Values between commas (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe: names are
     * chosen by people, and the reader is an administrator.
     */
    String toCsv() {
        var text = new StringBuilder(String.join(",", columns)).append("\r\n");
        for (JsonObject row : rows) {
            text.append(columns.stream().map(column -> csv(row.get(column))).collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return text.toString();
    }

    private static String csv(@Nullable JsonValue value) {
        if (value == null || value.getValueType() == JsonValue.ValueType.NULL) {
            return "";
        }
        if (!(value instanceof JsonString string)) {
            return value.toString();
        }
        String text = string.getString();
        String harmless = text.matches("(?s)[=+\\-@\\t\\r].+") ? "'" + text : text;
        return harmless.matches("(?s).*[\",\\r\\n].*") ? '"' + harmless.replace("\"", "\"\"") + '"' : harmless;
    }

    /** Aligned columns, names as people see them. */
    String toTable() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream()
                .map(column -> column.toUpperCase(java.util.Locale.ROOT))
                .toList());
        rows.forEach(row -> lines.add(cells(row).stream().map(ShownName::text).toList()));
        int[] widths = new int[columns.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = width(lines, column);
        }
        var text = new StringBuilder();
        for (List<String> line : lines) {
            for (int column = 0; column < line.size(); column++) {
                String cell = line.get(column);
                text.append(cell);
                if (column < line.size() - 1) {
                    text.append(" ".repeat(widths[column] - width(cell) + 2));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static int width(List<List<String>> lines, int column) {
        return lines.stream().mapToInt(line -> width(line.get(column))).max().orElse(0);
    }

    /** Columns that a terminal needs for a text. */
    private static int width(String text) {
        return text.codePoints().map(Listing::width).sum();
    }

    private static int width(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(character) ? 2 : 1;
        };
    }

    /** The large wide blocks of Unicode Standard Annex 11: Hangul, CJK, full-width forms, emoji. */
    private static boolean isWide(int character) {
        return (character >= 0x1100 && character <= 0x115f)
                || (character >= 0x2e80 && character <= 0xa4cf)
                || (character >= 0xac00 && character <= 0xd7a3)
                || (character >= 0xf900 && character <= 0xfaff)
                || (character >= 0xfe30 && character <= 0xfe6f)
                || (character >= 0xff00 && character <= 0xff60)
                || (character >= 0xffe0 && character <= 0xffe6)
                || (character >= 0x1f300 && character <= 0x1faff)
                || (character >= 0x20000 && character <= 0x3fffd);
    }

    private List<String> cells(JsonObject row) {
        return columns.stream().map(column -> cell(row.get(column))).toList();
    }

    private static String cell(@Nullable JsonValue value) {
        if (value == null || value.getValueType() == JsonValue.ValueType.NULL) {
            return "-";
        }
        String text = value instanceof JsonString string ? string.getString() : value.toString();
        // Names have no tabs and line ends, but what a failure said may.
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
