package org.holdfast.contract;

import java.util.Locale;

/** What a put does when its name is taken. */
public enum OnConflict {
    /** Makes a new version of the file. */
    REPLACE,
    /** Keeps both: the new file gets a generated name, {@code report (2).pdf}. */
    RENAME,
    /** Refuses the put. */
    FAIL;

    /** Reads the parameter's text, as in {@code ?on-conflict=rename}. */
    public static OnConflict parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "replace" -> REPLACE;
            case "rename" -> RENAME;
            case "fail" -> FAIL;
            default ->
                throw HoldfastException.of(
                        FailureKind.INVALID,
                        "invalid-parameter",
                        "The parameter on-conflict must be replace, rename or fail.");
        };
    }
}
