package org.holdfast.contract;

import java.util.Locale;
import java.util.Optional;

/**
 * A failure as HTTP shows it: {@code application/problem+json} of RFC 9457 with a stable {@code code}.
 *
 * @param status HTTP status code
 * @param title the kind in words, the same for every failure of that kind
 * @param detail one sentence about this failure
 * @param code stable identifier of the failure for programs
 * @param retryAfterSeconds present when the client should come back
 * @param lockHolder who is in the way, when a lock is; as the members {@code lockedBy} and {@code lockedUntil}
 */
public record Problem(
        int status,
        String title,
        String detail,
        String code,
        Optional<Long> retryAfterSeconds,
        Optional<LockHolder> lockHolder) {
    public static final String MEDIA_TYPE = "application/problem+json";

    /** A problem that is no lock's. */
    public Problem(int status, String title, String detail, String code, Optional<Long> retryAfterSeconds) {
        this(status, title, detail, code, retryAfterSeconds, Optional.empty());
    }

    /** The HTTP boundary's only translation of a {@link HoldfastException}. */
    public static Problem of(HoldfastException failure) {
        return new Problem(
                status(failure.kind()),
                title(failure.kind()),
                failure.sentence(),
                failure.code(),
                failure.retryAfter().map(wait -> Math.max(1, wait.toSeconds())),
                failure.lockHolder());
    }

    /** A defect: says nothing about the inside. */
    public static Problem bug() {
        return of(HoldfastException.of(
                FailureKind.BUG, "bug", "Holdfast failed at this request; the server's log has the details."));
    }

    /**
     * What a container refuses by itself, before our code has seen it; says nothing about the inside.
     *
     * @param nothingHere the sentence for an unknown address
     */
    public static Problem ofContainer(int status, String nothingHere) {
        // The reason phrases of RFC 9110, of what containers refuse.
        String title = switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 411 -> "Length Required";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            default -> "Error";
        };
        String detail = status == 404
                ? nothingHere
                : "The request could not be answered: " + title.toLowerCase(Locale.ROOT) + ".";
        return new Problem(status, title, detail, title.toLowerCase(Locale.ROOT).replace(' ', '-'), Optional.empty());
    }

    /** Whether an answer is {@link #bug}, and not the error page of a server that is starting, stopping or in between. */
    public static boolean isBug(int status, String body) {
        return status == status(FailureKind.BUG)
                && new ClusterCall.Answer(status, body).code().equals("bug");
    }

    /** The status code of RFC 9110, 4918 (423, 507), 6585 (429) for each kind. */
    public static int status(FailureKind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case TOO_SLOW -> 408;
            case CONFLICT -> 409;
            case PRECONDITION -> 412;
            case TOO_LARGE -> 413;
            case UNSUPPORTED -> 415;
            case CORRUPT -> 422;
            case LOCKED -> 423;
            case THROTTLED -> 429;
            case BUG -> 500;
            case UNAVAILABLE -> 503;
            case FULL -> 507;
        };
    }

    private static String title(FailureKind kind) {
        return switch (kind) {
            case INVALID -> "Invalid request";
            case UNAUTHENTICATED -> "Sign in required";
            case FORBIDDEN -> "Not allowed";
            case NOT_FOUND -> "Not found";
            case TOO_SLOW -> "Too slow";
            case CONFLICT -> "Conflict";
            case PRECONDITION -> "Condition not met";
            case TOO_LARGE -> "Too large";
            case UNSUPPORTED -> "Not supported";
            case CORRUPT -> "Digest mismatch";
            case LOCKED -> "Locked";
            case THROTTLED -> "Too many attempts";
            case BUG -> "Internal error";
            case UNAVAILABLE -> "Unavailable";
            case FULL -> "Storage node full";
        };
    }

    public String toJson() {
        var json = JsonText.object()
                .add("type", "urn:holdfast:problem:" + code)
                .add("title", title)
                .add("status", status)
                .add("detail", detail)
                .add("code", code);
        lockHolder.ifPresent(holder -> json.add("lockedBy", holder.user())
                .add("lockedUntil", holder.until().toString()));
        return json.build().toString();
    }
}
