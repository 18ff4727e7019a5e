package org.holdfast.master.api;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.master.live.Topic;

/**
 * One open stream of hints. What can't be sent yet is kept as a set of topics, so that a client that reads slowly holds
 * neither a thread nor memory. Thread-safe.
 */
final class LiveStream implements WriteListener {
    private static final Logger LOG = Logger.getLogger(LiveStream.class.getName());

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Consumer<LiveStream> ended;
    private final Set<Topic> due = EnumSet.noneOf(Topic.class);
    private Instant spokenAt;
    private boolean commentIsDue = true;
    private boolean canWrite;
    private boolean isUnsent;
    private boolean isOver;

    /**
     * Around a request whose answer has its headers.
     *
     * @param ended told once when it has ended, by whomever
     */
    LiveStream(AsyncContext async, Instant now, Consumer<LiveStream> ended) throws IOException {
        this.async = async;
        this.out = async.getResponse().getOutputStream();
        this.spokenAt = now;
        this.ended = ended;
    }

    /** When something was last said. */
    synchronized Instant spokenAt() {
        return spokenAt;
    }

    /** Tells to look at these again, as soon as the client takes it. */
    void hint(Set<Topic> topics, Instant now) {
        synchronized (this) {
            due.addAll(topics);
        }
        say(now);
    }

    /** Says nothing, so that everybody on the way sees that the line lives. */
    void keepAlive(Instant now) {
        synchronized (this) {
            commentIsDue = true;
        }
        say(now);
    }

    private void say(Instant now) {
        try {
            synchronized (this) {
                spokenAt = now;
                write();
            }
        } catch (IOException | RuntimeException e) {
            // Also what the container throws when it has just taken the answer away.
            onError(e);
        }
    }

    @Override
    public synchronized void onWritePossible() throws IOException {
        canWrite = true;
        write();
    }

    private void write() throws IOException {
        if (isTold() || !mayWrite()) {
            return;
        }
        var text = new StringBuilder(commentIsDue ? ": holdfast\n\n" : "");
        for (Topic topic : due) {
            text.append("event: ").append(topic.word()).append("\ndata: {\"changed\":\"");
            text.append(topic.word()).append("\"}\n\n");
        }
        commentIsDue = false;
        due.clear();
        if (!text.isEmpty()) {
            isUnsent = true;
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        if (mayWrite()) {
            isUnsent = false;
            out.flush();
        }
    }

    private boolean isTold() {
        return due.isEmpty() && !commentIsDue && !isUnsent;
    }

    /** The container calls {@link #onWritePossible} after it has said no, and must not be asked before. */
    private boolean mayWrite() {
        canWrite = canWrite && !isOver && out.isReady();
        return canWrite;
    }

    @Override
    public void onError(Throwable failure) {
        LOG.log(Level.FINE, "a stream of hints has broken", failure);
        end();
    }

    /** Ends the answer as a whole one; does nothing when it has ended. */
    void end() {
        synchronized (this) {
            if (isOver) {
                return;
            }
            isOver = true;
        }
        ended.accept(this);
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.log(Level.FINE, "the container has ended a stream of hints", e);
        }
    }
}
