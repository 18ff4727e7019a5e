package org.holdfast.setup;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes directories that only their owner may open (mode 0700), whatever the umask. Whose directory is closed has private
 * files, too, those of an earlier version included: nobody gets to them.
 */
final class PrivateDirectory {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private PrivateDirectory() {}

    /** Makes it and those above it where needed, and closes it to others where it was there before. */
    static Path make(Path directory) throws IOException {
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        close(directory);
        return directory;
    }

    /** Takes the rights of others from a directory; one that belongs to another user stays as it is. */
    static void close(Path directory) throws IOException {
        if (Files.getPosixFilePermissions(directory).equals(OWNER_ONLY)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
        } catch (FileSystemException e) {
            System.err.println("warning: other users may look into " + directory + ": " + e.getMessage());
        }
    }
}
