package org.holdfast.master.catalog;

/** Why a name is locked. */
public enum LockKind {
    /** A put of it is under way. */
    TRANSFER,
    /** Somebody asked for it. */
    EXPLICIT
}
