package org.holdfast.master.access;

import java.util.Optional;
import java.util.stream.Stream;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** What somebody may do with a file or a folder and all that is below it, the weakest first. Pure. */
public enum FileRole {
    READER,
    EDITOR,
    MASTER,
    OWNER;

    /** The one place where it is decided what a role may do. */
    public boolean allows(FileOperation operation) {
        return switch (operation) {
            case READ, LIST -> true;
            case PUT, MAKE_FOLDER -> this != READER;
            case DELETE, MOVE_AWAY, GRANT -> this == MASTER || this == OWNER;
        };
    }

    /** The strongest of several grants counts. */
    public static Optional<FileRole> strongest(Stream<FileRole> roles) {
        return roles.max(FileRole::compareTo);
    }

    /** Reads a role that can be granted; INVALID otherwise. */
    public static FileRole parseGranted(String text) {
        return switch (text) {
            case "reader" -> READER;
            case "editor" -> EDITOR;
            case "master" -> MASTER;
            default ->
                throw HoldfastException.of(
                        FailureKind.INVALID, "invalid-parameter", "The role is master, editor or reader.");
        };
    }
}
