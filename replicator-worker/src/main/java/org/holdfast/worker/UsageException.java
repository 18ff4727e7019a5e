package org.holdfast.worker;

/** Arguments or settings with which no worker can start; the message is one line for the person who started it. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String sentence) {
        super(sentence);
    }

    UsageException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
