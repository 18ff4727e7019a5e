package org.holdfast.storage.boot;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.storage.store.PrivateFiles;
import org.jspecify.annotations.Nullable;

/** Keeps a second process out of a data directory. The operating system lets go of it when the process ends. */
final class DataDirectoryLock implements Closeable {
    private final FileChannel channel;

    private DataDirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, and makes the directory where needed; throws CONFLICT when another process has it. */
    static DataDirectoryLock take(Path directory) {
        try {
            PrivateFiles.createDirectories(directory);
            var channel = PrivateFiles.open(
                    directory.resolve("node.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw HoldfastException.of(
                        FailureKind.CONFLICT,
                        "conflict",
                        "Another storage node runs on the data directory " + directory + ".");
            }
            return new DataDirectoryLock(channel);
        } catch (IOException e) {
            throw HoldfastException.of(
                    FailureKind.UNAVAILABLE,
                    "unavailable",
                    "The data directory " + directory + " can't be used: " + e.getMessage(),
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
