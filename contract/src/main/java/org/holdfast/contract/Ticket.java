package org.holdfast.contract;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A capability that a master has made: whoever shows it may do one operation on one blob, at the storage node for which it
 * is sealed, until it expires. It is stateless; a node needs neither a master nor a database to honour it.
 *
 * @param operation what it allows
 * @param blob the blob; for {@link Operation#PUT} and {@link Operation#LAND} with what the client told of size and
 *     digests, otherwise complete
 * @param address where the file was when the ticket was made; gives the download its name and the sidecar its memory
 * @param contentType media type to answer with
 * @param expiresAt the first instant at which it is no longer honoured
 * @param terms the conditions of a put; present exactly for {@link Operation#PUT} and {@link Operation#LAND}
 * @param holder whom it was made for, where that matters
 */
public record Ticket(
        Operation operation,
        BlobFacts blob,
        FileAddress address,
        String contentType,
        Instant expiresAt,
        Optional<PutTerms> terms,
        Optional<? extends Holder> holder) {

    /** Whom a ticket was made for. */
    public sealed interface Holder permits Reading, Errand {}

    /**
     * A person's download.
     *
     * @param account name of the account that it was made for; who puts is told by the terms
     * @param namedAt when these bytes became the name's: {@code Last-Modified}. The blob does not tell, for a version that is
     *     restored and a file that is moved are older
     * @param fileTime the file's own, where it is known; {@link FileTime}
     */
    public record Reading(String account, Instant namedAt, Optional<Instant> fileTime) implements Holder {}

    /** A worker's attempt at a task; the node says in a {@link Receipts receipt} what came of it. */
    public record Errand(String taskId, int attempt) implements Holder {}

    /** A ticket that names no holder. */
    public Ticket(
            Operation operation,
            BlobFacts blob,
            FileAddress address,
            String contentType,
            Instant expiresAt,
            Optional<PutTerms> terms) {
        this(operation, blob, address, contentType, expiresAt, terms, Optional.empty());
    }

    /** What a ticket allows. */
    public enum Operation {
        /** Upload; the node commits at a master and answers with the commit's reply. */
        PUT,
        /**
         * Upload; the caller commits, or takes it back. For a master that streams a client's one-step put, and for the
         * partners of an upload, which get their bytes from another node.
         */
        LAND,
        /** Upload of a further copy, with size and digests known. */
        REPLICATE,
        /** Download. */
        GET,
        /** Download by a worker, that makes a further copy. */
        COPY,
        /** Removal. */
        DELETE,
        /** Comparison of the bytes on the disk with their digests. */
        VERIFY;

        /** Whether bytes go out. */
        public boolean reads() {
            return this == GET || this == COPY;
        }

        /** Whether a worker makes a further copy; its bytes keep to the bandwidth that the node has for that. */
        public boolean isCopying() {
            return this == REPLICATE || this == COPY;
        }

        /** Whether nobody but a worker uses it; within TLS it shows its certificate, too. */
        public boolean isForWorkers() {
            return this == REPLICATE || this == COPY || this == DELETE || this == VERIFY;
        }

        /** Whether bytes come in and a version follows from them. */
        public boolean makesVersion() {
            return this == PUT || this == LAND;
        }
    }

    /**
     * How much longer than an upload's origin its partners honour its ticket. One that takes the place of another that has
     * failed gets the bytes at the end of a put that may have lasted for hours; and a copy that went before the commit would
     * break the put's promise.
     */
    private static final Duration PARTNERS_LONGER = Duration.ofDays(1);

    public Ticket {
        if (terms.isPresent() != operation.makesVersion()) {
            throw new IllegalArgumentException("put terms belong to PUT and LAND tickets only");
        }
        if (holder.filter(Reading.class::isInstance).isPresent() && operation != Operation.GET) {
            throw new IllegalArgumentException("readers belong to GET tickets only");
        }
        if (holder.filter(Errand.class::isInstance).isPresent() && !operation.isForWorkers()) {
            throw new IllegalArgumentException("errands belong to workers' tickets only");
        }
    }

    /** Name of the account that it was made for; empty for the members' own work. */
    public Optional<String> account() {
        return terms.map(PutTerms::account).or(() -> reading().map(Reading::account));
    }

    /** The file's own time, where a person's download has one. */
    public Optional<Instant> fileTime() {
        return reading().flatMap(Reading::fileTime);
    }

    /** When the bytes became the name's; of tickets that do not tell, when the blob was made. */
    public Instant namedAt() {
        return reading().map(Reading::namedAt).orElseGet(blob.id()::createdAt);
    }

    private Optional<Reading> reading() {
        return holder.filter(Reading.class::isInstance).map(Reading.class::cast);
    }

    /** The attempt that a worker's ticket was made for. */
    public Optional<Errand> errand() {
        return holder.filter(Errand.class::isInstance).map(Errand.class::cast);
    }

    /** What the ticket of an upload allows the node with this name: a partner of it only lands the bytes. */
    Ticket asSeenBy(String node) {
        boolean isPartner = terms.stream()
                .flatMap(put -> put.partners().stream())
                .anyMatch(partner -> partner.name().equals(node));
        return isPartner
                ? new Ticket(
                        Operation.LAND,
                        blob,
                        address,
                        contentType,
                        expiresAt.plus(PARTNERS_LONGER),
                        terms.map(put -> put.with(1, List.of()).under(Optional.empty())))
                : this;
    }

    /** The same with another end. */
    public Ticket until(Instant end) {
        return new Ticket(operation, blob, address, contentType, end, terms, holder);
    }

    JsonObject toJson() {
        var json = JsonText.object()
                .add("op", operation.name())
                .add("blob", blob.toJson())
                .add("ns", address.namespace())
                .add("path", address.path())
                .add("type", contentType)
                .add("exp", expiresAt.toEpochMilli());
        terms.ifPresent(put -> json.add("put", put.toJson()));
        errand().ifPresent(errand -> json.add("task", errand.taskId).add("attempt", errand.attempt));
        reading().ifPresent(told -> {
            json.add("reader", told.account).add("named", told.namedAt.toEpochMilli());
            told.fileTime.ifPresent(time -> json.add("time", time.toString()));
        });
        return json.build();
    }

    static Ticket fromJson(JsonObject json) {
        return new Ticket(
                Operation.valueOf(json.getString("op")),
                BlobFacts.fromJson(json.getJsonObject("blob")),
                new FileAddress(json.getString("ns"), json.getString("path")),
                json.getString("type"),
                Instant.ofEpochMilli(json.getJsonNumber("exp").longValueExact()),
                Optional.ofNullable(json.getJsonObject("put")).map(PutTerms::fromJson),
                holder(json));
    }

    private static Optional<? extends Holder> holder(JsonObject json) {
        if (json.containsKey("task")) {
            return Optional.of(new Errand(json.getString("task"), json.getInt("attempt")));
        }
        return Optional.ofNullable(json.getString("reader", null))
                .map(account -> new Reading(
                        account,
                        Instant.ofEpochMilli(json.getJsonNumber("named").longValueExact()),
                        Optional.ofNullable(json.getString("time", null)).map(Instant::parse)));
    }
}
