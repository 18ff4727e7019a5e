package org.holdfast.setup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What a process writes to, for months if it has to: two files of bounded size. */
record LogFile(Path path) {
    private static final long LARGE_BYTES = 10L << 20;

    /**
     * Sets aside as {@code NAME.1} what a large one holds, in place of what was set aside before. The process need not know:
     * it appends, so that it goes on at the begin of the emptied file. What it writes between the copy and the cut is lost.
     */
    void rotate() {
        rotate(LARGE_BYTES);
    }

    void rotate(long largeBytes) {
        if (LogTail.sizeBytes(path) <= largeBytes) {
            return;
        }
        try {
            Files.copy(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                    .close();
        } catch (IOException e) {
            // A full disk, most likely: it stays as it is until there is room.
        }
    }
}
