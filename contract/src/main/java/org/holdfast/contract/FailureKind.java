package org.holdfast.contract;

/** Why a request could not be done, independent of any protocol. Each boundary translates it exactly once. */
public enum FailureKind {
    /** The request itself is malformed; sending it again unchanged can't succeed. */
    INVALID,
    /** Nobody is signed in, or the credentials are wrong. */
    UNAUTHENTICATED,
    /** Somebody is signed in but may not do this, or a ticket is forged or expired. */
    FORBIDDEN,
    /** No such namespace, file, folder, blob, node or task. */
    NOT_FOUND,
    /** The current state of the name contradicts the request. */
    CONFLICT,
    /** A condition sent along ({@code If-Match}, {@code If-None-Match}) does not hold. */
    PRECONDITION,
    /** The body comes too slowly to be waited for. */
    TOO_SLOW,
    /** The body is larger than what was allowed for it. */
    TOO_LARGE,
    /** The body is of a form that is not kept. */
    UNSUPPORTED,
    /** Somebody else holds the lock. */
    LOCKED,
    /** The bytes do not match their digest. */
    CORRUPT,
    /** No space on the storage node; another node may have some. */
    FULL,
    /** Too many attempts in too short a time; the same request may succeed later. */
    THROTTLED,
    /** A part of the cluster does not answer, or is too busy; the same request may succeed later. */
    UNAVAILABLE,
    /** A defect of Holdfast. */
    BUG
}
