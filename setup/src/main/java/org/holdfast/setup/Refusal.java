package org.holdfast.setup;

import org.jspecify.annotations.Nullable;

/**
 * Why something was not done, in one sentence that tells a person what is wrong and what to do about it. Carries the
 * exit code of the command: {@link #FAILED} or {@link #USAGE}.
 */
public final class Refusal extends RuntimeException {
    /** The command was understood and could not be carried out. */
    public static final int FAILED = 1;

    /** The command line makes no sense. */
    public static final int USAGE = 2;

    private final int exitCode;

    private Refusal(int exitCode, String sentence, @Nullable Throwable cause) {
        super(sentence, cause, false, true);
        this.exitCode = exitCode;
    }

    /** A refusal with exit code {@link #FAILED}. */
    public static Refusal failed(String sentence) {
        return new Refusal(FAILED, sentence, null);
    }

    /** A refusal with exit code {@link #FAILED} and the exception behind it, whose message ends the sentence. */
    public static Refusal failed(String sentence, Throwable cause) {
        return new Refusal(FAILED, sentence + ": " + cause.getMessage(), cause);
    }

    /** A refusal with exit code {@link #USAGE}. */
    public static Refusal usage(String sentence) {
        return new Refusal(USAGE, sentence, null);
    }

    /** The exit code for the process: 1 or 2. */
    public int exitCode() {
        return exitCode;
    }

    /** The sentence for the person. */
    public String sentence() {
        String message = getMessage();
        return message == null ? "unknown reason" : message;
    }
}
