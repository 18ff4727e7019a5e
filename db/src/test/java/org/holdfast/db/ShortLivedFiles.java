package org.holdfast.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for files that do not outlive this JVM. It is in memory where the machine has a file system for that with
 * room enough: most of the time of small transactions is the flush to the disk, of which no test here is about. Else it
 * is below {@code target}.
 */
final class ShortLivedFiles {
    private static final Path MEMORY = Path.of("/dev/shm");
    /** A database takes 0.2 GB, and two of them run at the same time; containers often have 64 MiB here. */
    private static final long LEAST_ROOM_BYTES = 2L << 30;

    private static final String PREFIX = "holdfast-test-";

    private ShortLivedFiles() {}

    /** A new, empty one. */
    static Path directory() throws IOException {
        if (Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= LEAST_ROOM_BYTES) {
            deleteLeftBehind(MEMORY);
            return Files.createTempDirectory(
                    MEMORY, PREFIX + ProcessHandle.current().pid() + "-");
        }
        return Files.createTempDirectory(
                Files.createDirectories(Path.of("target").toAbsolutePath()), PREFIX);
    }

    /** Deletes what JVMs that were killed could not: memory is too scarce for waiting until somebody looks. */
    static void deleteLeftBehind(Path parent) throws IOException {
        try (Stream<Path> directories = Files.list(parent)) {
            for (Path directory :
                    directories.filter(ShortLivedFiles::isLeftBehind).toList()) {
                delete(directory);
            }
        }
    }

    private static boolean isLeftBehind(Path directory) {
        String name = directory.getFileName().toString();
        if (!name.matches(PREFIX + "\\d+-\\d+") || !Files.isWritable(directory)) {
            return false;
        }
        long pid = Long.parseLong(name.substring(PREFIX.length(), name.lastIndexOf('-')));
        return ProcessHandle.of(pid).isEmpty();
    }

    /** With all that is in it. What disappears meanwhile is as good as deleted. */
    static void delete(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
