package org.holdfast.master.verification;

/** A check that can't, or need not, be brought to an end. */
final class CheckEnded extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean isWanted;

    private CheckEnded(String sentence, boolean isWanted) {
        super(sentence);
        this.isWanted = isWanted;
    }

    /** The node went away, another master leads, or the check was begun anew. */
    static CheckEnded notWanted() {
        return new CheckEnded("The check is not wanted any more.", false);
    }

    /** The node gives signs of life but does not answer what is asked. */
    static CheckEnded noAnswer(Exception last) {
        return new CheckEnded(
                "The check was interrupted, for the node does not answer what it asks: " + last.getMessage(), true);
    }

    /** Whether somebody waits for the outcome, which is this exception's message. */
    boolean isWanted() {
        return isWanted;
    }
}
