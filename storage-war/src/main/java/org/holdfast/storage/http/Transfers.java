package org.holdfast.storage.http;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.LeastRate;
import org.holdfast.contract.NodeReport;
import org.holdfast.contract.SharedPlaces;
import org.holdfast.contract.SharedPlaces.Place;
import org.holdfast.contract.SharedPlaces.Taker;
import org.holdfast.contract.SteadyAnswer;
import org.holdfast.contract.SteadyBody;
import org.holdfast.contract.Ticket;

/**
 * Bounds how many transfers run at once, so that heartbeats always find a free thread, and how much memory they take.
 * Nobody waits: one transfer too many is told to come back.
 */
public final class Transfers {
    private static final int LARGE_BUFFER_BYTES = 256 * 1024;
    private static final int MIDDLE_BUFFER_BYTES = 64 * 1024;
    private static final int SMALL_BUFFER_BYTES = 8 * 1024;

    /** One record of TLS. */
    private static final int RECORD_BYTES = 16 * 1024;

    /**
     * Up to here each transfer gets the buffer that was measured fastest. Of what is taken in that is 16 MiB in all. What a
     * slow reader holds is some four times its buffer, on the way through TLS: 16 MiB too, and 64 KiB for each further one.
     */
    private static final int FEW = 64;

    private final SharedPlaces places;
    private final LongAdder receivedBytes = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder gets = new LongAdder();
    private final LongAdder putBytes = new LongAdder();
    private final LongAdder getBytes = new LongAdder();

    private final Bandwidth copying;
    private final LeastRate ofSenders;
    private final LeastRate ofReaders;

    /** As many as there are places; those of workers share a bandwidth, others' bodies have to keep a rate. */
    public Transfers(SharedPlaces places, Bandwidth copying, LeastRate ofSenders, LeastRate ofReaders) {
        this.ofReaders = ofReaders;
        this.places = places;
        this.copying = copying;
        this.ofSenders = ofSenders;
    }

    /**
     * Begins a transfer; the caller closes it.
     *
     * @param operation what it is for: that of a worker keeps to the bandwidth for copying
     * @param taker for whom; a worker's has no share
     * @throws HoldfastException UNAVAILABLE {@code busy}, {@code share-used}
     */
    Slot begin(Ticket.Operation operation, Taker taker) {
        Place place = places.take(operation.isCopying() ? Taker.MEMBER : taker);
        if (!operation.isCopying()) {
            (operation.reads() ? gets : puts).increment();
        }
        return new Slot(place, operation.isCopying());
    }

    /** Places for transfers of a node; one account or address may have that many of a hundred. */
    public static SharedPlaces places(int limit, int percent) {
        return new SharedPlaces("transfers of this node", limit, percent, Duration.ofSeconds(1));
    }

    /** How long a reader that takes nothing is waited for. */
    Duration patience() {
        return ofReaders.patience();
    }

    /** Transfers that run now. */
    public int active() {
        return places.taken();
    }

    /** Bytes of bodies taken in since the start. */
    public long receivedBytes() {
        return receivedBytes.sum();
    }

    /** What was carried for clients since the start. */
    public NodeReport.Traffic ofClients() {
        return new NodeReport.Traffic(puts.sum(), gets.sum(), putBytes.sum(), getBytes.sum());
    }

    /** Bytes of bodies sent since the start. */
    public long sentBytes() {
        return sentBytes.sum();
    }

    /** One running transfer. */
    final class Slot implements AutoCloseable {
        private final Place place;
        private final boolean isCopying;
        private long movedBytes;

        private Slot(Place place, boolean isCopying) {
            this.place = place;
            this.isCopying = isCopying;
        }

        /** A body whose sender has to keep the minimum rate; that of a worker, which may be bridled, need not. */
        InputStream steady(InputStream body) {
            return isCopying ? body : new SteadyBody(body, ofSenders, System::nanoTime);
        }

        /** Likewise what is sent. */
        OutputStream steady(OutputStream body) {
            return new SteadyAnswer(body, isCopying ? LeastRate.NONE : ofReaders, System::nanoTime);
        }

        void received(long bytes) {
            receivedBytes.add(bytes);
            moved(bytes, putBytes);
        }

        void sent(long bytes) {
            sentBytes.add(bytes);
            moved(bytes, getBytes);
        }

        /** What has gone over the line so far; for the thread that carries the transfer. */
        long movedBytes() {
            return movedBytes;
        }

        private void moved(long bytes, LongAdder ofClients) {
            movedBytes += bytes;
            if (isCopying) {
                copying.pay(bytes);
            } else {
                ofClients.add(bytes);
            }
        }

        /** A size for the buffer by which so many bytes are sent. */
        int pieceBytes(long transferBytes) {
            if (transferBytes <= SMALL_BUFFER_BYTES) {
                return SMALL_BUFFER_BYTES;
            }
            return transferBytes <= RECORD_BYTES || places.taken() > FEW ? RECORD_BYTES : SteadyAnswer.PIECE_BYTES;
        }

        /** A size for the buffer by which so many bytes are taken in. */
        int bufferBytes(long transferBytes) {
            if (transferBytes <= SMALL_BUFFER_BYTES) {
                return SMALL_BUFFER_BYTES;
            }
            // A worker that waits for its turn must not look stalled: it moves on in smaller steps.
            boolean few = places.taken() <= FEW && !isCopying;
            return transferBytes <= MIDDLE_BUFFER_BYTES || !few ? MIDDLE_BUFFER_BYTES : LARGE_BUFFER_BYTES;
        }

        @Override
        public void close() {
            place.close();
        }
    }
}
