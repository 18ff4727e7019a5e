package org.holdfast.contract;

/**
 * What {@code Content-Encoding} says about a body that is to be stored. A body is kept as it is and sent to everybody, also to
 * who does not understand its coding; with the header dropped, nobody would know what to undo.
 */
public final class ContentCoding {
    private ContentCoding() {}

    /** UNSUPPORTED {@code content-encoding} unless the body is no other than what it stands for. */
    public static void requireNone(@org.jspecify.annotations.Nullable String header) {
        if (header != null && !header.isBlank() && !header.strip().equalsIgnoreCase("identity")) {
            throw HoldfastException.of(
                    FailureKind.UNSUPPORTED,
                    "content-encoding",
                    "A put with Content-Encoding " + PlainText.of(header, 100)
                            + " is not stored, for it would come back without that header. Send the file as it is, or under"
                            + " the name and type of what you send.");
        }
    }
}
