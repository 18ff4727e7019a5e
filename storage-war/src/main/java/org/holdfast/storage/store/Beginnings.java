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
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.FileAddress;

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
     * @param address name of the file, as it was asked for
     * @param writer what is the same in all tries of one put ({@code Holdfast-Writer})
     */
    public record Key(long accountId, FileAddress address, String writer) {
        private String accountPrefix() {
            return accountId + "-";
        }

        private String fileName() {
            byte[] name = (address + "\n" + writer).getBytes(UTF_8);
            return accountPrefix()
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

    /** Takes a file, which is on the disk, in the place of what was here before. */
    void keep(Path file, Key key) throws IOException {
        Files.move(file, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableFiles.syncDirectory(directory);
        List<Path> oldestFirst = files(key.accountPrefix() + "*");
        for (Path old : oldestFirst.subList(0, Math.max(0, oldestFirst.size() - MOST))) {
            Files.deleteIfExists(old);
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
            for (Path file : files("*")) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(moment) && Files.deleteIfExists(file)) {
                    removed++;
                }
            }
            return removed;
        } catch (NoSuchFileException e) {
            return removed;
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    private Path file(Key key) {
        return directory.resolve(key.fileName());
    }

    /** The oldest first. */
    private List<Path> files(String pattern) throws IOException {
        record Aged(Path file, FileTime at) {}
        List<Aged> found = new ArrayList<>();
        try (var files = Files.newDirectoryStream(directory, pattern)) {
            for (Path file : files) {
                found.add(new Aged(file, Files.getLastModifiedTime(file)));
            }
        }
        return found.stream()
                .sorted(Comparator.comparing(Aged::at))
                .map(Aged::file)
                .toList();
    }
}
