package org.holdfast.storage.cluster;

import jakarta.json.JsonException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobUpload;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Landing;
import org.holdfast.contract.TaskMessage.Member;

/**
 * An upload on its way to one partner. Trouble breaks it and is logged; the client's own upload never hears of it. Not
 * thread-safe.
 */
final class PartnerUpload implements Closeable {
    private static final Logger LOG = System.getLogger(PartnerUpload.class.getName());
    private static final int CREATED = 201;

    private final Member partner;
    private final BlobUpload upload;
    private boolean broken;

    PartnerUpload(Member partner, BlobUpload upload) {
        this.partner = partner;
        this.upload = upload;
    }

    /**
     * A partner's word that the bytes are on its disk.
     *
     * @param blob what has landed there
     * @param isNew whether this upload has brought it, so that it may be taken back
     */
    record Landed(BlobFacts blob, boolean isNew) {
        boolean isSameAs(BlobFacts other) {
            return blob.id().equals(other.id())
                    && blob.sizeBytes() == other.sizeBytes()
                    && blob.digests()
                            .get(DigestAlgorithm.SHA_256)
                            .equals(other.digests().get(DigestAlgorithm.SHA_256));
        }
    }

    Member partner() {
        return partner;
    }

    boolean isBroken() {
        return broken;
    }

    void write(byte[] bytes, int offset, int length) {
        unlessBroken(() -> upload.body().write(bytes, offset, length));
    }

    /** Sends what is buffered, so that the partner lands a body of known length while this node lands it. */
    void flush() {
        unlessBroken(upload.body()::flush);
    }

    /** Ends the body and waits for the partner's word; empty when it has none to give. */
    Optional<Landed> finish() {
        if (broken) {
            return Optional.empty();
        }
        try {
            ClusterCall.Answer answer = upload.finish();
            if (answer.isSuccess()) {
                return answer.json()
                        .map(Landing::fromJson)
                        .map(landing -> new Landed(landing.blob(), answer.status() == CREATED));
            }
            giveUp("answered " + answer.status() + " " + answer.body());
        } catch (IOException
                | JsonException
                | HoldfastException
                | ClassCastException
                | IllegalArgumentException
                | NullPointerException e) {
            giveUp(e.toString());
        }
        return Optional.empty();
    }

    private void unlessBroken(Step step) {
        if (broken) {
            return;
        }
        try {
            step.run();
        } catch (IOException e) {
            giveUp(early(e));
        }
    }

    /** A partner that is full says so before it closes. */
    private String early(IOException failure) {
        try {
            ClusterCall.Answer answer = upload.earlyAnswer();
            return "answered " + answer.status() + " " + answer.body();
        } catch (IOException none) {
            return failure.toString();
        }
    }

    private void giveUp(String why) {
        LOG.log(Level.WARNING, "partner {0} cannot take an upload: {1}", partner.name(), why);
        broken = true;
        upload.close();
    }

    /** Breaks the connection, so that the partner forgets what it has not landed. */
    @Override
    public void close() {
        upload.close();
    }

    private interface Step {
        void run() throws IOException;
    }
}
