package org.holdfast.master.access;

/** What somebody wants to do with a file or a folder. */
public enum FileOperation {
    /** Reads a file, its facts and where its copies are. */
    READ,
    /** Lists a folder. */
    LIST,
    /** Makes a file, or a new version of one. */
    PUT,
    /** Makes a folder. */
    MAKE_FOLDER,
    /** Removes a file or a folder. */
    DELETE,
    /** Gives a file or a folder another name, from where it was. */
    MOVE_AWAY,
    /** Lets others do things with it, by grants and links, and stops them again. */
    GRANT
}
