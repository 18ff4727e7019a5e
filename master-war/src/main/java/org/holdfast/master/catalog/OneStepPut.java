package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.BlobUpload;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.CommitReply;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Landing;
import org.holdfast.contract.Problem;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.SteadyBody;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.WriteLock;
import org.holdfast.master.account.Caller;
import org.holdfast.master.cluster.CallNodes;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.cluster.SealTickets;
import org.holdfast.master.database.Contention;

/**
 * A put in one step, for clients that do not know of storage nodes: the bytes stream through this master to the origin.
 *
 * <p>Memory per put is bounded by {@link #REPLAY_BYTES}. A body that fits is offered to one node after the other; a
 * longer one can change nodes only until its first bytes have left.
 */
@ApplicationScoped
public class OneStepPut {
    private static final int REPLAY_BYTES = BlobUpload.BUFFER_BYTES;
    /** As at nodes: two renewals may be lost before a lock runs out. */
    private static final int RENEWALS_PER_LEASE = 3;

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final Duration STALL_WITH_PARTNERS = Duration.ofMinutes(5);
    private static final long SLOW_BYTES_PER_SECOND = 10_000_000;
    private static final Duration REMOVE = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(OneStepPut.class.getName());

    @Inject
    RequestUpload requestUpload;

    @Inject
    CommitPut commitPut;

    @Inject
    LockTransfers lockTransfers;

    @Inject
    UploadConfig config;

    @Inject
    ClusterView cluster;

    @Inject
    SealTickets seal;

    @Inject
    CallNodes calls;

    @Inject
    Clock clock;

    /** A body whose first bytes are kept, so that they can be sent again. */
    private static final class Body {
        private final InputStream rest;
        private final byte[] head;
        private final long sizeBytes;
        private long restBytes;

        Body(InputStream in, long sizeBytes) throws IOException {
            this.rest = in;
            this.head = in.readNBytes(REPLAY_BYTES);
            this.sizeBytes = sizeBytes;
        }

        boolean canReplay() {
            return restBytes == 0;
        }

        void copyTo(BlobUpload upload) throws IOException {
            upload.body().write(head);
            if (head.length < REPLAY_BYTES) {
                return;
            }
            var buffer = new byte[BlobUpload.BUFFER_BYTES];
            for (int read = readClient(buffer); read >= 0; read = readClient(buffer)) {
                restBytes += read;
                upload.body().write(buffer, 0, read);
            }
        }

        private int readClient(byte[] buffer) {
            try {
                return rest.read(buffer);
            } catch (IOException e) {
                throw HoldfastException.of(
                        FailureKind.INVALID, "size-mismatch", "The body ended before it was complete.", e);
            }
        }

        boolean isComplete() {
            return sizeBytes == BlobFacts.UNKNOWN_SIZE || head.length + restBytes == sizeBytes;
        }
    }

    /**
     * Stores the body.
     *
     * @param body read to its end, not closed
     * @throws HoldfastException what {@link RequestUpload} and {@link CommitPut} throw, TOO_SLOW, CORRUPT, FULL, and UNAVAILABLE
     *     when the node was lost after bytes had left that can't be sent again
     */
    public CommitReply put(Caller caller, RequestUpload.Wish wish, InputStream body) {
        RequestUpload.Upload upload = Contention.retry(() -> requestUpload.ask(caller, wish, Ticket.Operation.LAND));
        try {
            var steady = new SteadyBody(body, config.rate(), System::nanoTime);
            return put(wish, upload, read(renewing(upload.lock(), steady), wish.sizeBytes()));
        } catch (RuntimeException e) {
            upload.lock().ifPresent(this::release);
            throw e;
        }
    }

    /** A slow body may take longer to fill what is kept of it than the lock lasts, and no node is there to renew it yet. */
    private InputStream renewing(Optional<WriteLock> held, InputStream body) {
        return held.<InputStream>map(lock ->
                        new RenewingBody(body, lock.lease().dividedBy(RENEWALS_PER_LEASE), clock, () -> renew(lock)))
                .orElse(body);
    }

    private void renew(WriteLock lock) {
        try {
            Contention.retryRun(() -> lockTransfers.renew(List.of(lock.token())));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the lock " + lock.token() + " of a slow put can't be renewed", e);
        }
    }

    /** Never hides why the put has failed; without it the lock runs out by itself. */
    private void release(WriteLock lock) {
        try {
            Contention.retryRun(() -> lockTransfers.release(List.of(lock.token())));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the lock " + lock.token() + " of a failed put can't be released", e);
        }
    }

    private CommitReply put(RequestUpload.Wish wish, RequestUpload.Upload upload, Body bytes) {
        HoldfastException last = null;
        for (NodeView node : upload.nodes()) {
            try {
                return land(upload.tickets().apply(node), node, bytes);
            } catch (HoldfastException e) {
                if (!isWorthAnotherNode(e) || !bytes.canReplay()) {
                    throw e;
                }
                LOG.info(() -> "put of " + wish.address() + " goes on elsewhere: " + e.sentence());
                last = e;
            }
        }
        throw last == null ? lost("none", null) : last;
    }

    /** Too few partners are no fault of the node: it has tried them all. */
    private static boolean isWorthAnotherNode(HoldfastException failure) {
        boolean tooFewPartners = failure.code().equals("durability-unmet");
        return failure.kind() == FailureKind.FULL || (failure.kind() == FailureKind.UNAVAILABLE && !tooFewPartners);
    }

    private static Body read(InputStream in, long sizeBytes) {
        try {
            return new Body(in, sizeBytes);
        } catch (IOException e) {
            throw HoldfastException.of(FailureKind.INVALID, "size-mismatch", "The body could not be read.", e);
        }
    }

    private CommitReply land(Ticket ticket, NodeView node, Body bytes) {
        URI uri = URI.create(node.url() + "/blobs/" + ticket.blob().id() + "?ticket=" + seal.seal(ticket, node));
        ClusterCall.Answer answer;
        try (BlobUpload upload = BlobUpload.open(uri, bytes.sizeBytes, Map.of(), CONNECT, stall(ticket, bytes))) {
            answer = send(bytes, upload);
        } catch (IOException e) {
            throw lost(node.name(), e);
        }
        if (!answer.isSuccess()) {
            throw refused(node, answer);
        }
        Landing landing = answer.json().map(Landing::fromJson).orElseThrow(() -> lost(node.name(), null));
        return commit(ticket, landing);
    }

    /** A node that has to replace a partner sends it everything from its disk while this master waits for the answer. */
    private static Duration stall(Ticket ticket, Body bytes) {
        boolean alone = ticket.terms().map(PutTerms::durability).orElse(1) == 1;
        if (alone) {
            return STALL;
        }
        return bytes.sizeBytes == BlobFacts.UNKNOWN_SIZE
                ? STALL_WITH_PARTNERS
                : STALL.plusSeconds(bytes.sizeBytes / SLOW_BYTES_PER_SECOND);
    }

    private static ClusterCall.Answer send(Body bytes, BlobUpload upload) throws IOException {
        try {
            bytes.copyTo(upload);
        } catch (IOException e) {
            return early(upload, e);
        }
        if (!bytes.isComplete()) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "size-mismatch", "The body is shorter than its Content-Length.");
        }
        return upload.finish();
    }

    /** A node that is full, or that refuses the ticket, answers and closes before it has read the whole body. */
    private static ClusterCall.Answer early(BlobUpload upload, IOException failure) throws IOException {
        try {
            return upload.earlyAnswer();
        } catch (IOException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private CommitReply commit(Ticket ticket, Landing landing) {
        try {
            return Contention.retry(() -> commitPut.commit(ticket, landing));
        } catch (HoldfastException e) {
            landing.nodes().stream()
                    .flatMap(name -> cluster.byName(name).stream())
                    .forEach(node -> withdraw(landing.blob().id(), node));
            throw e;
        }
    }

    private void withdraw(BlobId blob, NodeView node) {
        URI uri = URI.create(node.url() + "/internal/v1/blobs/" + blob + "?stage=uncommitted");
        var unused = calls.to(node)
                .sendAsync("DELETE", uri, Optional.empty(), REMOVE)
                .exceptionally(failure -> {
                    LOG.log(
                            Level.WARNING,
                            "a refused blob stays on " + node.name() + " until its node asks for it",
                            failure);
                    return new ClusterCall.Answer(0, "");
                });
    }

    /** The node's problem as the client should see it. */
    private static HoldfastException refused(NodeView node, ClusterCall.Answer answer) {
        Optional<JsonObject> problem = answer.json();
        String code = problem.map(json -> json.getString("code", "unavailable")).orElse("unavailable");
        String detail = problem.map(json -> json.getString("detail", "")).orElse("");
        for (FailureKind kind : FailureKind.values()) {
            if (Problem.status(kind) == answer.status() && kind != FailureKind.BUG) {
                return kind == FailureKind.UNAVAILABLE
                        ? HoldfastException.comeBack(
                                code, detail, answer.retryAfter().orElse(Duration.ofSeconds(1)))
                        : HoldfastException.of(kind, code, detail);
            }
        }
        LOG.warning(() -> "storage node " + node.name() + " answered " + answer.status() + " " + answer.body());
        if (answer.isDefect()) {
            return HoldfastException.of(
                    FailureKind.BUG,
                    "bug",
                    "The storage node " + node.name() + " failed at this put; nothing was stored.");
        }
        return lost(node.name(), null);
    }

    private static HoldfastException lost(String node, @org.jspecify.annotations.Nullable IOException cause) {
        String sentence =
                "The storage node " + node + " was lost during the upload; nothing was stored, send it again.";
        return cause == null
                ? HoldfastException.comeBack("unavailable", sentence, Duration.ofSeconds(1))
                : HoldfastException.of(FailureKind.UNAVAILABLE, "unavailable", sentence, cause);
    }
}
