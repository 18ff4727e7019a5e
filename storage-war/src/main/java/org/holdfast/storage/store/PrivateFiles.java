package org.holdfast.storage.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and directories of the data directory, which other users of the machine can't open: 0600 and 0700 from the moment
 * they exist. A umask can only take away from that, so the mode doesn't depend on who started the node.
 */
public final class PrivateFiles {
    private static final Logger LOG = System.getLogger(PrivateFiles.class.getName());
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> NEW_DIRECTORY =
            PosixFilePermissions.asFileAttribute(DIRECTORY);
    private static final FileAttribute<Set<PosixFilePermission>> NEW_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private PrivateFiles() {}

    /** As {@link FileChannel#open(Path, OpenOption...)}; a file that this makes is its owner's alone. */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), NEW_FILE);
    }

    /** Makes a directory whose parent is there. */
    static void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, NEW_DIRECTORY);
    }

    /** Makes a directory and those above it where needed, and closes it to others where it was there before. */
    public static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, NEW_DIRECTORY);
        closeToOthers(directory);
    }

    /**
     * Mends the mode of a directory that is older than this rule. What lies below is not looked at: nobody gets there any
     * more. A directory of another owner, such as the mount point of a volume, is left as it is.
     */
    static void closeToOthers(Path directory) throws IOException {
        if (Files.getPosixFilePermissions(directory).equals(DIRECTORY)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(directory, DIRECTORY);
        } catch (FileSystemException e) {
            LOG.log(Level.WARNING, "other users may look into {0}, which can''t be closed to them: {1}", directory, e);
        }
    }
}
