package org.holdfast.storage.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Makes the temporary directories of tests in memory where the machine has a file system for that with room enough: a
 * blob store begins with a thousand folders, and to make and delete them on a disk takes ten times as long as most tests.
 */
public final class InMemory implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");
    /** Of a few files of 20 MB at most; containers often have 64 MiB here. */
    private static final long LEAST_ROOM_BYTES = 1L << 30;

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        boolean fits = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= LEAST_ROOM_BYTES;
        return fits
                ? Files.createTempDirectory(MEMORY, "holdfast-storage-")
                : Files.createTempDirectory("holdfast-storage-");
    }
}
