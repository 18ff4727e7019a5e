package org.holdfast.master.catalog;

/** Kinds of entries in the change log. */
enum ChangeKind {
    PUT,
    /** An older version is the current one again. */
    RESTORE,
    /** A version is forgotten beside the change that made it go: the entry tells the bytes that lost their name. */
    DROP_VERSION,
    DELETE,
    MOVE,
    MAKE_FOLDER,
    DELETE_FOLDER
}
