package org.holdfast.storage.cluster;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobUpload;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Landing;
import org.holdfast.contract.TaskMessage.Member;
import org.holdfast.storage.store.BlobContent;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.ReceiveBlob;
import org.holdfast.storage.store.Reception;

/**
 * One upload's way to its partners. Order of use: {@link #connect}, {@link #tee} around the body, {@link #complete} once
 * the bytes have landed here, {@link #withdraw} when the commit is refused; {@link #close} in the end, whatever happened.
 *
 * <p>Only copies that this very upload has brought are ever taken back. One that a partner had before may belong to an
 * earlier try of the same put that was committed without the client hearing of it.
 *
 * <p>Not thread-safe.
 */
public final class Forwarding implements Closeable {
    private static final Logger LOG = System.getLogger(Forwarding.class.getName());

    private final Partners partners;
    private final BlobStore store;
    private final int durability;
    private final Runnable whenClosed;
    private final Deque<Member> untried;
    private final List<PartnerUpload> uploads = new ArrayList<>();
    private final List<String> landed = new ArrayList<>();
    private final List<Member> brought = new ArrayList<>();
    private boolean bodyEnded;
    private boolean complete;

    Forwarding(Partners partners, BlobStore store, int durability, Runnable whenClosed) {
        this.partners = partners;
        this.store = store;
        this.durability = durability;
        this.whenClosed = whenClosed;
        this.untried = new ArrayDeque<>(partners.all());
        landed.add(partners.here());
    }

    /** Connects to as many partners as are needed; UNAVAILABLE {@code durability-unmet} when there are not so many. */
    void connect() {
        while (uploads.size() < durability - 1) {
            if (untried.isEmpty()) {
                throw unmet(1 + uploads.size());
            }
            Member partner = untried.removeFirst();
            try {
                uploads.add(partners.open(partner, partners.expectedBytes()));
            } catch (IOException e) {
                LOG.log(Level.WARNING, "partner {0} cannot be reached: {1}", partner.name(), e);
            }
        }
    }

    /** A body whose bytes go to the partners as they are read. */
    public InputStream tee(InputStream body) {
        return uploads.isEmpty() ? body : new Tee(body);
    }

    /**
     * Waits for the partners, and feeds others from this node's disk in the place of those that have failed.
     *
     * @param received what has landed here; taken back when the durability can't be met
     * @return the word of all nodes that have the bytes on their disks, as many as the durability asks for
     * @throws HoldfastException UNAVAILABLE {@code durability-unmet}; nothing is left on any node that can be reached
     */
    public Landing complete(ReceiveBlob.Received received) {
        BlobFacts blob = received.facts();
        uploads.forEach(upload -> finish(upload, blob));
        end();
        while (landed.size() < durability && !untried.isEmpty()) {
            feed(untried.removeFirst(), blob);
        }
        if (landed.size() < durability) {
            withdraw();
            if (received.landed() == Reception.Landed.NEW) {
                store.withdraw(blob.id());
            }
            throw unmet(landed.size());
        }
        complete = true;
        return new Landing(landed, blob);
    }

    private void finish(PartnerUpload upload, BlobFacts blob) {
        upload.finish().ifPresent(there -> {
            if (there.isNew()) {
                brought.add(upload.partner());
            }
            if (there.isSameAs(blob)) {
                landed.add(upload.partner().name());
            } else {
                LOG.log(
                        Level.ERROR,
                        "{0} has landed other bytes than this node",
                        upload.partner().name());
            }
        });
    }

    private void feed(Member partner, BlobFacts blob) {
        try (BlobContent content = store.open(blob.id())
                        .orElseThrow(() -> new IOException("the blob that has just landed is gone"));
                PartnerUpload upload = partners.open(partner, blob.sizeBytes())) {
            var buffer = new byte[BlobUpload.BUFFER_BYTES];
            long position = 0;
            while (position < blob.sizeBytes() && !upload.isBroken()) {
                int length = content.read(position, buffer);
                if (length <= 0) {
                    throw new IOException("the blob that has just landed ends at " + position);
                }
                upload.write(buffer, 0, length);
                position += length;
            }
            finish(upload, blob);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "partner {0} cannot be fed: {1}", partner.name(), e);
        }
    }

    /** Takes back the copies that this upload has brought to partners; those that are committed stay. */
    public void withdraw() {
        brought.forEach(partners::withdraw);
        brought.clear();
    }

    /** Ends all connections. An upload that was not completed leaves nothing at partners that can be reached. */
    @Override
    public void close() {
        if (!complete) {
            uploads.stream().filter(upload -> bodyEnded).forEach(this::learnWhetherItLanded);
            withdraw();
        }
        end();
        whenClosed.run();
    }

    /** A body that has gone out as a whole may land there although it could not land here. */
    private void learnWhetherItLanded(PartnerUpload upload) {
        upload.finish().filter(PartnerUpload.Landed::isNew).ifPresent(there -> brought.add(upload.partner()));
    }

    private void end() {
        uploads.forEach(PartnerUpload::close);
        uploads.clear();
    }

    private HoldfastException unmet(int reached) {
        return HoldfastException.comeBack(
                "durability-unmet",
                "This put is to be on " + durability + " nodes before it is acknowledged, but only " + reached
                        + (reached == 1 ? " was" : " were") + " reached; nothing was stored. Send it again.",
                Duration.ofSeconds(1));
    }

    private final class Tee extends FilterInputStream {
        Tee(InputStream body) {
            super(body);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read > 0) {
                uploads.forEach(upload -> upload.write(buffer, offset, read));
            } else if (read < 0) {
                bodyEnded = true;
                uploads.forEach(PartnerUpload::flush);
            }
            return read;
        }
    }
}
