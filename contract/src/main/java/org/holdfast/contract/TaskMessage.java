package org.holdfast.contract;

import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * One attempt at one piece of work, as it travels to a worker. It says all that the worker needs; the truth about the
 * task stays in the catalog.
 *
 * @param taskId the task
 * @param attempt number of this attempt, from 1; a result with an older number is ignored
 * @param kind what to do
 * @param blob the blob; size and digests complete
 * @param address where the file was when the task was made; for sidecars and people
 * @param source holder to read from; present for {@link Kind#REPLICATE}
 * @param target node to write to, delete from or verify on
 * @param tickets what a master lets the worker do for it
 */
public record TaskMessage(
        String taskId,
        int attempt,
        Kind kind,
        BlobFacts blob,
        FileAddress address,
        Optional<Member> source,
        Member target,
        Tickets tickets) {
    /** Version of this shape. A worker answers {@link Outcome.Condition#UNKNOWN_MESSAGE} to any other. */
    public static final int VERSION = 1;

    /** A task without tickets, as releases before sent them. */
    public TaskMessage(
            String taskId,
            int attempt,
            Kind kind,
            BlobFacts blob,
            FileAddress address,
            Optional<Member> source,
            Member target) {
        this(taskId, attempt, kind, blob, address, source, target, Tickets.NONE);
    }

    /**
     * Texts of tickets, made when the task was sent.
     *
     * @param source to read there; empty text for a task without a source
     * @param target for what is to be done there; empty text in a task of a release before
     */
    public record Tickets(String source, String target) {
        public static final Tickets NONE = new Tickets("", "");

        @Override
        public String toString() {
            return "Tickets[]";
        }
    }

    /** Kinds of work. */
    public enum Kind {
        /** Copy the blob from source to target. */
        REPLICATE,
        /** Remove the blob from the target. */
        DELETE,
        /** Compute the blob's digests from the target's disk; a bad copy is quarantined there. */
        VERIFY
    }

    /**
     * A storage node as a worker sees it.
     *
     * @param name the node's name
     * @param url its base URL within the cluster
     */
    public record Member(String name, String url) {
        JsonObject toJson() {
            return JsonText.object().add("name", name).add("url", url).build();
        }

        static Member fromJson(JsonObject json) {
            return new Member(json.getString("name"), json.getString("url"));
        }
    }

    public JsonObject toJson() {
        var json = JsonText.object()
                .add("version", VERSION)
                .add("task", taskId)
                .add("attempt", attempt)
                .add("kind", kind.name())
                .add("blob", blob.toJson())
                .add("namespace", address.namespace())
                .add("path", address.path())
                .add("target", target.toJson())
                .add("sourceTicket", tickets.source)
                .add("targetTicket", tickets.target);
        source.ifPresent(member -> json.add("source", member.toJson()));
        return json.build();
    }

    /** Reads the shape; throws INVALID {@code unknown-message} for another version, kind or shape. */
    public static TaskMessage fromJson(JsonObject json) {
        try {
            if (json.getInt("version") != VERSION) {
                throw new IllegalArgumentException("version " + json.getInt("version"));
            }
            return new TaskMessage(
                    json.getString("task"),
                    json.getInt("attempt"),
                    Kind.valueOf(json.getString("kind")),
                    BlobFacts.fromJson(json.getJsonObject("blob")),
                    new FileAddress(json.getString("namespace"), json.getString("path")),
                    Optional.ofNullable(json.getJsonObject("source")).map(Member::fromJson),
                    Member.fromJson(json.getJsonObject("target")),
                    new Tickets(ticket(json, "sourceTicket"), ticket(json, "targetTicket")));
        } catch (IllegalArgumentException
                | ClassCastException
                | NullPointerException
                | ArithmeticException
                | HoldfastException e) {
            throw unknown(e);
        }
    }

    private static String ticket(JsonObject json, String name) {
        return json.containsKey(name) ? json.getString(name) : "";
    }

    private static HoldfastException unknown(RuntimeException cause) {
        return HoldfastException.of(
                FailureKind.INVALID,
                "unknown-message",
                "This worker does not understand the task; workers and masters must be of one release.",
                cause);
    }
}
