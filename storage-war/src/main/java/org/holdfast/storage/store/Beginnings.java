package org.holdfast.storage.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.PutTerms;

/**
 * Beginnings of uploads whose connection broke, so that their senders can go on there: plain files in {@code begun/}, on
 * the disk for a while. Nobody reads them but the same account's next try of the same put. Where room is short they are the
 * first to go. Thread-safe: whoever has one open reads it to its end, whatever becomes of its name.
 */
public final class Beginnings {
    /** What is shorter is sent again in no time. */
    static final long LEAST_BYTES = 1 << 20;

    /** For one account; the oldest ones go. */
    static final int MOST = 16;

    private static final Logger LOG = System.getLogger(Beginnings.class.getName());

    private final Path directory;

    Beginnings(Path directory) {
        this.directory = directory;
    }

    /**
     * Which put it is a beginning of.
     *
     * @param accountId key of the account that puts
     * @param ownerId key of the account that owns the namespace
     * @param namespaceId key of the namespace
     * @param address name of the file, as it was asked for
     * @param writer what is the same in all tries of one put ({@code Holdfast-Writer})
     */
    public record Key(long accountId, long ownerId, long namespaceId, FileAddress address, String writer) {
        private String ofAccount() {
            return accountId + "-*";
        }

        private String ofOwner() {
            return "*-" + ownerId + "-*-*";
        }

        private String ofNamespace() {
            return "*-*-" + namespaceId + "-*";
        }

        private String fileName() {
            byte[] name = (address + "\n" + writer).getBytes(UTF_8);
            return accountId + "-" + ownerId + "-" + namespaceId + "-"
                    + HexFormat.of()
                            .formatHex(RunningDigests.messageDigest(DigestAlgorithm.SHA_256)
                                    .digest(name));
        }
    }

    /**
     * Bytes that are here already.
     *
     * @param sizeBytes how many
     * @param bytes to be closed by the caller
     */
    public record Beginning(long sizeBytes, InputStream bytes) implements Closeable {
        @Override
        public void close() {
            try {
                bytes.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "a beginning can't be closed", e);
            }
        }
    }

    /** How many bytes are here; 0 when there is nothing. */
    public long sizeBytes(Key key) {
        try {
            return Files.size(file(key));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    /** Opens what is here; empty when there is nothing. */
    public Optional<Beginning> open(Key key) {
        try {
            var channel = FileChannel.open(file(key), StandardOpenOption.READ);
            return Optional.of(new Beginning(channel.size(), Channels.newInputStream(channel)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    /**
     * Takes a file, which is on the disk, in the place of what was here before. What quotas have no room for is cut off its
     * end, and the oldest others go first; what is too short then is left where it is.
     *
     * @param most what may be kept here
     */
    synchronized void keep(Path file, Key key, PutTerms.KeptShare most) throws IOException {
        long ofNamespaceBytes = most.ofNamespaceBytes().orElse(Long.MAX_VALUE);
        long ofOwnerBytes = most.ofOwnerBytes().orElse(Long.MAX_VALUE);
        long sizeBytes = Math.min(Files.size(file), Math.min(ofNamespaceBytes, ofOwnerBytes));
        if (sizeBytes < LEAST_BYTES) {
            return;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(sizeBytes);
            channel.force(false);
        }
        // Before it is moved: there is never more than what may be.
        removeOldest(others(key.ofAccount(), key), MOST - 1, Long.MAX_VALUE);
        removeOldest(others(key.ofNamespace(), key), Integer.MAX_VALUE, ofNamespaceBytes - sizeBytes);
        removeOldest(others(key.ofOwner(), key), Integer.MAX_VALUE, ofOwnerBytes - sizeBytes);
        Files.move(file, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableFiles.syncDirectory(directory);
    }

    private List<Aged> others(String pattern, Key key) throws IOException {
        return files(pattern).stream()
                .filter(kept -> !kept.file.equals(file(key)))
                .toList();
    }

    private static void removeOldest(List<Aged> oldestFirst, int most, long mostBytes) throws IOException {
        int left = oldestFirst.size();
        long leftBytes = oldestFirst.stream().mapToLong(Aged::sizeBytes).sum();
        for (Aged oldest : oldestFirst) {
            if (left <= most && leftBytes <= mostBytes) {
                return;
            }
            Files.deleteIfExists(oldest.file);
            left--;
            leftBytes -= oldest.sizeBytes;
        }
    }

    /** Throws away what is here. Never fails: the sweep comes by. */
    void forget(Key key) {
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a beginning that is not needed any more can't be removed", e);
        }
    }

    /** Removes for ever what came here before this moment; answers how many. */
    public int removeOlderThan(Instant moment) {
        int removed = 0;
        try {
            for (Aged kept : files("*")) {
                if (kept.at.toInstant().isBefore(moment) && Files.deleteIfExists(kept.file)) {
                    removed++;
                }
            }
            return removed;
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    private Path file(Key key) {
        return directory.resolve(key.fileName());
    }

    private record Aged(Path file, FileTime at, long sizeBytes) {}

    /** The oldest first. */
    private List<Aged> files(String pattern) throws IOException {
        List<Aged> found = new ArrayList<>();
        try (var files = Files.newDirectoryStream(directory, pattern)) {
            for (Path file : files) {
                try {
                    var facts = Files.readAttributes(file, BasicFileAttributes.class);
                    found.add(new Aged(file, facts.lastModifiedTime(), facts.size()));
                } catch (NoSuchFileException e) {
                    LOG.log(Level.DEBUG, "gone meanwhile", e);
                }
            }
        }
        found.sort(Comparator.comparing(Aged::at));
        return found;
    }
}
