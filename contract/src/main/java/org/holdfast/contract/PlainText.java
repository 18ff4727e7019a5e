package org.holdfast.contract;

/**
 * Makes texts of strangers fit for logs: what would end a line, move a terminal's cursor or turn the order of letters
 * around is shown by its number instead.
 */
public final class PlainText {
    private PlainText() {}

    /**
     * The text on one line.
     *
     * @param most characters (UTF-16) that it may have; what is more is cut, at the end of a whole character
     */
    public static String of(String text, int most) {
        var plain = new StringBuilder(Math.min(text.length(), most));
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            String shown = isPlain(character) ? Character.toString(character) : String.format("\\u%04x", character);
            if (plain.length() + shown.length() > most) {
                break;
            }
            plain.append(shown);
        }
        return plain.toString();
    }

    private static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    // Half of a pair: no text in UTF-8 can hold it.
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
