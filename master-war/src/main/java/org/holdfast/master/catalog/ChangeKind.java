package org.holdfast.master.catalog;

/** Kinds of entries in the change log. */
enum ChangeKind {
    PUT,
    DELETE,
    MOVE,
    MAKE_FOLDER,
    DELETE_FOLDER
}
