package org.holdfast.storage.catchup;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.storage.store.DurableFiles;

/**
 * The number of the last change that this node has applied, in the file {@code applied-seq} of its data directory. The
 * file may lag behind, which only means that changes are applied again after a start; it never runs ahead. Thread-safe.
 */
public final class AppliedSeq {
    private static final Logger LOG = System.getLogger(AppliedSeq.class.getName());
    private static final String DIGITS = "\\d{1,18}";

    private final Path file;
    private long applied;
    private long saved;

    /** Reads the file; a node that has none, or an unreadable one, has applied nothing. */
    public AppliedSeq(Path file) {
        this.file = file;
        this.applied = read(file);
        this.saved = applied;
    }

    private static long read(Path file) {
        try {
            if (!Files.exists(file)) {
                return 0;
            }
            String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
            if (text.matches(DIGITS)) {
                return Long.parseLong(text);
            }
            LOG.log(Level.WARNING, "{0} does not hold a number; all changes are looked at again", file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "can't read " + file + "; all changes are looked at again", e);
        }
        return 0;
    }

    /** The last change that has been applied. */
    public synchronized long get() {
        return applied;
    }

    /** Notes that everything up to and including {@code seq} is applied; durable after the next {@link #save}. */
    synchronized void set(long seq) {
        applied = seq;
    }

    /** Makes the number durable where it has changed. */
    public synchronized void save() {
        if (applied == saved) {
            return;
        }
        try {
            DurableFiles.replace(file, (applied + "\n").getBytes(StandardCharsets.US_ASCII));
            saved = applied;
        } catch (IOException e) {
            throw HoldfastException.of(FailureKind.UNAVAILABLE, "unavailable", "This node's disk failed.", e);
        }
    }
}
