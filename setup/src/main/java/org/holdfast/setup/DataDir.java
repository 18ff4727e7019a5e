package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The data directory of one cluster: {@code secrets}, {@code mariadb}, {@code broker}, {@code nodes/snK}, {@code logs}
 * and {@code run} (what only the running launcher needs). A file {@value #MARKER} says that it is one.
 *
 * @param root the directory, absolute
 */
public record DataDir(Path root) {
    /** Its presence allows {@code --reset} to delete what lies beside it. */
    static final String MARKER = "holdfast-data";

    /** A person may write it before the first start; see {@link OwnSettings}. */
    static final String SETTINGS = "settings";

    /**
     * Makes the directory, or accepts one that is empty or already ours.
     *
     * @throws Refusal for a directory with somebody else's files in it
     */
    public static DataDir open(Path root) {
        DataDir data = at(root);
        data.make();
        return data;
    }

    /**
     * Accepts a directory that is not there, empty or already ours; makes nothing.
     *
     * @throws Refusal for a directory with somebody else's files in it
     */
    static DataDir at(Path root) {
        DataDir data = new DataDir(root);
        try {
            if (Files.exists(root) && !data.isMade() && !data.isUnused()) {
                throw Refusal.failed(
                        root + " is not empty and not a Holdfast data directory; choose another one with --data");
            }
            return data;
        } catch (IOException e) {
            throw Refusal.failed("cannot use the data directory " + root, e);
        }
    }

    /**
     * Makes what is missing of it, and closes it and its parts to other users. A data directory of an earlier version may
     * hold millions of files that others could read; with the way to them closed, they need not be touched.
     */
    void make() {
        try {
            PrivateDirectory.make(root);
            Files.writeString(root.resolve(MARKER), "The data of one Holdfast cluster, in format 1.\n", UTF_8);
            for (Path part : List.of(logs(), run(), nodes(), secrets())) {
                PrivateDirectory.make(part);
            }
            for (Path part : names()) {
                if (Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
                    PrivateDirectory.close(part);
                }
            }
        } catch (IOException e) {
            throw Refusal.failed("cannot use the data directory " + root, e);
        }
    }

    public Path secrets() {
        return root.resolve("secrets");
    }

    public Path mariaDb() {
        return root.resolve("mariadb");
    }

    public Path broker() {
        return root.resolve("broker");
    }

    public Path nodes() {
        return root.resolve("nodes");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path run() {
        return root.resolve("run");
    }

    /** The file of {@link OwnSettings}; need not be there. */
    Path settings() {
        return root.resolve(SETTINGS);
    }

    /**
     * Takes the directory for this process until it ends, however it ends.
     *
     * @return the lock, to be kept reachable
     * @throws Refusal when another launcher has it
     */
    public FileChannel lock() {
        try {
            FileChannel channel =
                    FileChannel.open(run().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse();
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            throw inUse();
        } catch (IOException e) {
            throw Refusal.failed("cannot lock " + root, e);
        }
    }

    /**
     * Deletes the cluster's data: everything but the marker, the settings and the lock, which the caller holds.
     *
     * @throws Refusal when it is not a data directory of ours
     */
    public void wipe() {
        if (!isMade()) {
            throw Refusal.failed(root + " has no file " + MARKER + " in it, so it is not wiped");
        }
        try {
            for (Path entry : names()) {
                if (!entry.endsWith(MARKER) && !entry.equals(settings())) {
                    deleteTree(entry, run().resolve("lock"));
                }
            }
        } catch (IOException e) {
            throw Refusal.failed("cannot wipe " + root, e);
        }
        open(root);
    }

    /** Refuses to begin with less than {@code minFreeBytes} on the disk where the directory is, or will be. */
    public void requireFreeBytes(long minFreeBytes) {
        try {
            Path there = root;
            while (!Files.exists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            long freeBytes = Files.getFileStore(there).getUsableSpace();
            if (freeBytes < minFreeBytes) {
                throw Refusal.failed("only " + (freeBytes >> 20) + " MiB are free on the disk of " + root + " and "
                        + (minFreeBytes >> 20)
                        + " MiB are wanted; make room, or choose --data DIR or --min-free-mib M");
            }
        } catch (IOException e) {
            throw Refusal.failed("cannot ask for the free space of " + root, e);
        }
    }

    /** Deletes a file or a whole tree (never through a symbolic link); what is not there is fine. */
    static void deleteTree(Path tree, Path... kept) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> keep = List.of(kept);
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                if (keep.stream().noneMatch(one -> one.startsWith(path))) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Whether it is there and ours. */
    boolean isMade() {
        return Files.isRegularFile(root.resolve(MARKER));
    }

    private boolean isUnused() throws IOException {
        return names().stream().allMatch(settings()::equals);
    }

    private List<Path> names() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.toList();
        }
    }

    private Refusal inUse() {
        return Refusal.failed("the cluster in " + root
                + " runs already; setup/status shows it, setup/stop ends it, and --data DIR makes another one");
    }
}
