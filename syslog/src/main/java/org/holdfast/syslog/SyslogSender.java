package org.holdfast.syslog;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.OutsideTrust;
import org.jspecify.annotations.Nullable;

/**
 * Tells a receiver what was done, in the order in which it was offered, in a thread of its own. Thread-safe.
 *
 * <p>While the receiver is away or does not read, the last {@value #MOST_WAITING} records wait; older ones are dropped and
 * counted. It connects again by itself. A record on whose way the connection broke is sent again, so that one may come
 * twice.
 */
public final class SyslogSender implements AutoCloseable {
    /** Some 5 MB. */
    static final int MOST_WAITING = 10_000;

    private static final Logger LOG = System.getLogger(SyslogSender.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** A write that takes longer is one to a receiver that has died in its sleep. */
    private static final long STALL_NANOS = Duration.ofSeconds(20).toNanos();

    /** A receiver is back when so much time has passed without a failure. */
    private static final long CALM_NANOS = Duration.ofMinutes(1).toNanos();

    private final String receiver;
    private final Connecting connecting;
    private final Writing writing;
    private final Deque<AuditRecord> waiting = new ArrayDeque<>();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean closed;
    private volatile @Nullable Line line;
    private volatile long writingSince;
    private boolean away;
    private long missedAt;

    /** Opens a line. */
    @FunctionalInterface
    interface Connecting {
        Line open() throws IOException;
    }

    /** Writes a record as the line carries it. */
    @FunctionalInterface
    interface Writing {
        byte[] write(AuditRecord record);
    }

    SyslogSender(String receiver, Connecting connecting, Writing writing) {
        this.receiver = receiver;
        this.connecting = connecting;
        this.writing = writing;
    }

    /** A sender of this configuration; it says nothing before {@link #start}. */
    public static SyslogSender of(SyslogConfig config) {
        var text = new SyslogText(config.facility());
        String name = config.receiver().toString();
        return switch (config.receiver().protocol()) {
            case UDP -> new SyslogSender(name, () -> UdpLine.open(config.receiver()), text::datagram);
            case TCP -> new SyslogSender(name, () -> StreamLine.open(config.receiver(), Optional.empty()), text::frame);
            case TLS -> {
                var context = config.authority().map(OutsideTrust::only).orElseGet(SyslogSender::ofTheProcess);
                yield new SyslogSender(
                        name, () -> StreamLine.open(config.receiver(), Optional.of(context)), text::frame);
            }
        };
    }

    /** Shows a member's certificate and trusts the cluster's authority. */
    private static SSLContext ofTheProcess() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has a default", e);
        }
    }

    /** Begins to send. */
    public SyslogSender start(ThreadFactory threads) {
        LOG.log(Level.INFO, "records of the audit log are sent to {0}", receiver);
        threads.newThread(this::run).start();
        return this;
    }

    /** Takes a record; returns at once. */
    public void offer(AuditRecord record) {
        synchronized (waiting) {
            if (waiting.size() >= MOST_WAITING) {
                waiting.removeFirst();
                dropped.incrementAndGet();
                hangUpOnSleeper();
            }
            waiting.addLast(record);
            waiting.notifyAll();
        }
    }

    /** Records that nobody was told, since the receiver was away for too long. */
    public long dropped() {
        return dropped.get();
    }

    /** Records that were handed to the operating system. */
    public long sent() {
        return sent.get();
    }

    /** Ends; what waits is not sent any more. */
    @Override
    public void close() {
        closed = true;
        synchronized (waiting) {
            waiting.notifyAll();
        }
        hangUp();
    }

    private void hangUpOnSleeper() {
        long since = writingSince;
        if (since != 0 && System.nanoTime() - since > STALL_NANOS) {
            writingSince = 0;
            hangUp();
        }
    }

    private void hangUp() {
        Line open = line;
        line = null;
        if (open != null) {
            open.close();
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closed) {
            try {
                AuditRecord next = next();
                send(next);
                forget(next);
                pause = FIRST_PAUSE;
            } catch (InterruptedException e) {
                closed = true;
            } catch (IOException | RuntimeException e) {
                missed(e);
                rest(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
        hangUp();
    }

    /** The oldest that waits; it goes on waiting until it has been sent. */
    private AuditRecord next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                if (closed) {
                    throw new InterruptedException();
                }
                waiting.wait();
            }
            return waiting.getFirst();
        }
    }

    /** It may have been dropped meanwhile, by being the oldest. */
    private void forget(AuditRecord done) {
        sent.incrementAndGet();
        synchronized (waiting) {
            if (done.equals(waiting.peekFirst())) {
                waiting.removeFirst();
            }
        }
    }

    private void send(AuditRecord record) throws IOException {
        Line open = line;
        if (open == null) {
            open = connecting.open();
            line = open;
        }
        writingSince = Math.max(1, System.nanoTime());
        try {
            open.send(writing.write(record));
        } finally {
            writingSince = 0;
        }
        if (away && System.nanoTime() - missedAt > CALM_NANOS) {
            away = false;
            LOG.log(
                    Level.INFO,
                    "{0} takes records again; {1} were dropped since this process began",
                    receiver,
                    dropped.get());
        }
    }

    /** The first failure of a series with a warning, the others would only fill the log; over UDP every second one fails. */
    private void missed(Exception failure) {
        hangUp();
        missedAt = System.nanoTime();
        if (!closed && !away) {
            away = true;
            LOG.log(
                    Level.WARNING,
                    "{0} can''t be told: {1}. The last {2} records wait for it; all are in the audit log",
                    receiver,
                    failure,
                    MOST_WAITING);
        }
    }

    private void rest(Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException e) {
            closed = true;
        }
    }
}
