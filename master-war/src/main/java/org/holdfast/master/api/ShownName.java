package org.holdfast.master.api;

import java.util.function.Function;

/**
 * Names as people see them: what can't be seen, or turns the order of letters around, is shown by its number, so that {@code
 * photo-gpj.exe} does not pass for {@code photo-exe.jpg}, nor one name for another one. Programs get names as they are.
 */
final class ShownName {
    private ShownName() {}

    /** For texts: {@code photo-<U+202E>gpj.exe}. */
    static String text(String name) {
        return shown(name, Character::toString, code -> "<" + code + ">");
    }

    /** As HTML, apart from the text around it, whose order it then can't change. */
    static String html(String name) {
        return "<bdi>"
                + shown(
                        name,
                        character -> Page.escape(Character.toString(character)),
                        code -> "<mark>" + code + "</mark>")
                + "</bdi>";
    }

    private static String shown(String name, Function<Integer, String> plain, Function<String, String> marked) {
        int[] characters = name.codePoints().toArray();
        var shown = new StringBuilder(name.length());
        for (int at = 0; at < characters.length; at++) {
            shown.append(
                    isSeen(characters, at)
                            ? plain.apply(characters[at])
                            : marked.apply(String.format("U+%04X", characters[at])));
        }
        return shown.toString();
    }

    private static boolean joins(int character) {
        return character > 0x7f && Character.getType(character) != Character.FORMAT;
    }

    private static boolean isSeen(int[] characters, int at) {
        int character = characters[at];
        if (character == 0x200c || character == 0x200d) {
            // Part of how Persian or Hindi, and some emoji, are written; not between letters of ours.
            return at > 0 && at + 1 < characters.length && joins(characters[at - 1]) && joins(characters[at + 1]);
        }
        return switch (character) {
            // Fillers, which are letters or symbols to Unicode, and empty to people.
            case 0x034f, 0x115f, 0x1160, 0x2800, 0x3164, 0xffa0 -> false;
            default ->
                switch (Character.getType(character)) {
                    case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                };
        };
    }
}
