package org.holdfast.storage.cluster;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.Sidecar;
import org.holdfast.storage.store.Stage;
import org.holdfast.storage.store.StoredBlob;

/**
 * Settles blobs whose commit stayed unanswered, or was the caller's business: asks a master which of them it knows to be
 * on this node. Known ones are promoted at once. Unknown ones go into quarantine, but only after nobody can commit them any more.
 */
public final class ResolveUncommitted {
    private static final Logger LOG = System.getLogger(ResolveUncommitted.class.getName());
    private static final String PATH = "/internal/v1/commits/known";
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    /** Bound on one question; the rest follows with the next beat. */
    private static final int BATCH = 1000;

    private final Membership membership;
    private final BlobStore store;
    private final Undecided undecided;
    private final Duration grace;
    private final Clock clock;

    /** @param grace how long an unknown blob is kept after its ticket has expired, and after its landing */
    public ResolveUncommitted(
            Membership membership, BlobStore store, Undecided undecided, Duration grace, Clock clock) {
        this.membership = membership;
        this.store = store;
        this.undecided = undecided;
        this.grace = grace;
        this.clock = clock;
    }

    /** Settles what can be settled; does nothing when no master answers. Safe at any time beside uploads. */
    public void run() {
        if (membership.knownCredentials().isPresent()) {
            boolean more = true;
            while (more) {
                more = settleBatch();
            }
        }
    }

    /** Whether another batch is worth a look: this one was full, and something in it was settled. */
    private boolean settleBatch() {
        List<StoredBlob> waiting = store.uncommitted(BATCH);
        if (waiting.isEmpty()) {
            return false;
        }
        var known = askMasters(waiting);
        if (known.isEmpty()) {
            return false;
        }
        long settled = waiting.stream()
                .filter(blob -> settle(blob, known.get().contains(idOf(blob).value())))
                .count();
        return waiting.size() == BATCH && settled > 0;
    }

    private static BlobId idOf(StoredBlob blob) {
        return blob.sidecar().facts().id();
    }

    private Optional<Set<String>> askMasters(List<StoredBlob> waiting) {
        var ids = JsonText.array();
        waiting.forEach(blob -> ids.add(idOf(blob).value()));
        JsonObject question = JsonText.object()
                .add("node", membership.identity().name())
                .add("blobs", ids)
                .build();
        for (String master : membership.masters()) {
            try {
                var answer = membership
                        .credentials()
                        .calls()
                        .send("POST", URI.create(master + PATH), Optional.of(question), ANSWER_TIMEOUT);
                if (answer.isSuccess()) {
                    return answer.json().map(ResolveUncommitted::known);
                }
                LOG.log(Level.WARNING, "{0} answered {1} about uncommitted blobs", master, answer.status());
            } catch (IOException | JsonException | ClassCastException | NullPointerException e) {
                LOG.log(Level.WARNING, "{0} did not answer about uncommitted blobs: {1}", master, e);
            }
        }
        return Optional.empty();
    }

    private static Set<String> known(JsonObject answer) {
        return answer.getJsonArray("known").getValuesAs(JsonString::getString).stream()
                .collect(Collectors.toSet());
    }

    private boolean settle(StoredBlob blob, boolean known) {
        BlobId id = idOf(blob);
        try {
            return undecided.alone(id, () -> known ? promote(id) : giveUp(blob));
        } catch (HoldfastException e) {
            // Somebody else is deciding, or has decided since the listing.
            if (e.kind() != FailureKind.UNAVAILABLE && e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }

    private boolean promote(BlobId id) {
        store.promote(id);
        return true;
    }

    private boolean giveUp(StoredBlob blob) {
        return !clock.instant().isBefore(lastChance(blob))
                && isStillUncommitted(idOf(blob))
                && store.quarantine(idOf(blob), reason(blob.sidecar()));
    }

    /** Tells which put it was: the client has heard of no success, and may ask what became of it. */
    private static String reason(Sidecar put) {
        return "No master knows this blob, and its ticket has expired. It was put as " + put.address()
                + put.account().map(name -> " by " + name).orElse("") + " at " + put.landedAt() + ".";
    }

    /** A commit may have succeeded between the master's answer and this node's turn. */
    private boolean isStillUncommitted(BlobId id) {
        return store.find(id).filter(blob -> blob.stage() == Stage.UNCOMMITTED).isPresent();
    }

    private Instant lastChance(StoredBlob blob) {
        Instant expiry = blob.sidecar().ticketExpiresAt();
        Instant landed = blob.sidecar().landedAt();
        return (expiry.isAfter(landed) ? expiry : landed).plus(grace);
    }
}
