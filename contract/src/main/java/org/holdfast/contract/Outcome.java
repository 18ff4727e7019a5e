package org.holdfast.contract;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * What came back when a worker tried a task: facts, no decision. The master decides what follows.
 *
 * @param condition how the attempt ended
 * @param side which partner is to blame, or {@link Side#NONE}
 * @param status the HTTP status that was answered, or 0 when none was
 * @param retryAfter what the partner asked to wait, where it did
 * @param detail one line for people
 * @param receipt what the target says of its copy, as {@link Receipts} have it; without it masters believe nothing about
 *     what lies there
 */
public record Outcome(
        Condition condition,
        Side side,
        int status,
        Optional<Duration> retryAfter,
        String detail,
        Optional<String> receipt) {

    /** An outcome without a receipt. */
    public Outcome(Condition condition, Side side, int status, Optional<Duration> retryAfter, String detail) {
        this(condition, side, status, retryAfter, detail, Optional.empty());
    }

    /** How an attempt ended. */
    public enum Condition {
        /** The work is done. */
        DONE,
        /** There was nothing to do: the target already had the verified blob, or already lacked the one to delete. */
        ALREADY,
        /** A partner answered with an HTTP error; see the status. */
        HTTP,
        /** A ticket had expired before it was shown, as of a task that lay in its queue for long. */
        TICKET_EXPIRED,
        /** No connection could be made. */
        REFUSED,
        /** The connection broke. */
        RESET,
        /** No answer in time. */
        TIMEOUT,
        /** Bytes stopped flowing. */
        STALL,
        /** The worker was stopped before it had finished. */
        HANDED_BACK,
        /** A person has cancelled the task; the worker gave the attempt up. */
        CANCELLED,
        /** The worker died, repeatedly, with this task in its hands. */
        WORKER_LOST,
        /** The task's kind or version is unknown to the worker. */
        UNKNOWN_MESSAGE,
        /** The worker itself failed in an unforeseen way. */
        WORKER_FAILED,
        /** What the worker says of a copy has no receipt of the node's. Masters find this, workers never report it. */
        UNPROVEN
    }

    /** The partners of a transfer. */
    public enum Side {
        NONE,
        SOURCE,
        TARGET
    }

    public static Outcome of(Condition condition, Side side, String detail) {
        return new Outcome(condition, side, 0, Optional.empty(), detail);
    }

    /** The same with what the target says. */
    public Outcome with(Optional<String> itsReceipt) {
        return new Outcome(condition, side, status, retryAfter, detail, itsReceipt);
    }

    JsonObject toJson() {
        var json = JsonText.object()
                .add("condition", condition.name())
                .add("side", side.name())
                .add("status", status)
                .add("detail", detail);
        retryAfter.ifPresent(wait -> json.add("retryAfterSeconds", wait.toSeconds()));
        receipt.ifPresent(text -> json.add("receipt", text));
        return json.build();
    }

    static Outcome fromJson(JsonObject json) {
        return new Outcome(
                Condition.valueOf(json.getString("condition")),
                Side.valueOf(json.getString("side")),
                json.getInt("status"),
                Optional.ofNullable(json.getJsonNumber("retryAfterSeconds"))
                        .map(seconds -> Duration.ofSeconds(seconds.longValue())),
                json.getString("detail"),
                Optional.ofNullable(json.getString("receipt", null)));
    }
}
