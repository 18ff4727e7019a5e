package org.holdfast.storage.store;

import jakarta.json.JsonException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.InventoryPage;
import org.holdfast.contract.JsonText;

/** Blobs as plain files; see the package's page for the layout. */
public final class FileBlobStore implements BlobStore {
    private static final Logger LOG = System.getLogger(FileBlobStore.class.getName());

    /** More than the cores of a large machine, so that two blobs rarely share a lock. */
    private static final int LOCKS = 256;

    /** A reader may look while a blob is on its way from one stage to the other; the second look finds it. */
    private static final int LOOKS = 3;

    /** Size of a file that is not there. */
    private static final long ABSENT = -1;

    private static final List<Stage> EITHER = List.of(Stage.COMMITTED, Stage.UNCOMMITTED);

    private final BlobLayout layout;
    private final Names names;
    private final long reserveBytes;
    private final FileStore disk;
    private final Quarantine quarantine;
    private final Beginnings beginnings;
    private final Tally tally = new Tally();
    private final Object[] locks = new Object[LOCKS];

    private FileBlobStore(BlobLayout layout, long reserveBytes, FileStore disk, Names names) {
        this.layout = layout;
        this.names = names;
        this.reserveBytes = reserveBytes;
        this.disk = disk;
        this.quarantine = new Quarantine(layout.quarantine());
        this.beginnings = new Beginnings(layout.begun());
        Arrays.setAll(locks, i -> new Object());
    }

    /**
     * Opens a data directory, makes it where needed, clears what a crash has left and counts what is there. Only one
     * process may have it open.
     */
    public static FileBlobStore open(StoreConfig config) {
        return open(config, Names.ON_DISK);
    }

    /** As above, with promotions by other means. */
    static FileBlobStore open(StoreConfig config, Names names) {
        var layout = new BlobLayout(config.directory().toAbsolutePath());
        try {
            for (Path folder : List.of(
                    layout.incoming(), layout.begun(), layout.uncommitted(), layout.blobs(), layout.quarantine())) {
                DurableFiles.createDirectories(folder);
                PrivateFiles.closeToOthers(folder);
            }
            for (Path folder : layout.fan()) {
                if (!Files.isDirectory(folder)) {
                    PrivateFiles.createDirectory(folder);
                }
            }
            DurableFiles.syncDirectory(layout.blobs());
            var store = new FileBlobStore(layout, config.reserveBytes(), Files.getFileStore(layout.root()), names);
            new TidyAfterCrash(layout, store.quarantine).run(store.tally);
            return store;
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    @Override
    public Reception receive(long sizeBytes) {
        requireRoom(sizeBytes == BlobFacts.UNKNOWN_SIZE ? 1 : sizeBytes);
        try {
            return new FileReception(this, layout.incoming());
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    void requireRoom(long bytes) {
        long free = freeBytes();
        if (bytes > free && beginnings.removeOlderThan(Instant.MAX) > 0) {
            free = freeBytes();
        }
        if (bytes > free) {
            throw DiskFailure.full(free);
        }
    }

    /** The end of a landing: both files are on the disk and get their names. */
    Reception.Landed publish(Path bytes, Path card, Sidecar sidecar, Stage stage) throws IOException {
        BlobId id = sidecar.facts().id();
        Reception.Landed landed;
        Stage where = stage;
        synchronized (lock(id)) {
            var present = find(id);
            if (present.isPresent()) {
                requireSame(present.get().sidecar(), sidecar);
                where = present.get().stage();
                landed = Reception.Landed.ALREADY;
            } else {
                landed = Reception.Landed.NEW;
            }
            // Also over what is there: these bytes have just been verified, those may have rotted since.
            long replacedBytes = sizeBytes(layout.blob(id, where));
            Files.move(card, layout.sidecar(id, where), StandardCopyOption.ATOMIC_MOVE);
            try {
                DurableFiles.move(bytes, layout.blob(id, where));
            } catch (IOException e) {
                if (replacedBytes == ABSENT) {
                    Files.deleteIfExists(layout.sidecar(id, where));
                }
                throw e;
            }
            if (replacedBytes != ABSENT) {
                tally.subtract(replacedBytes);
            }
            tally.add(sidecar.facts().sizeBytes());
        }
        // Outside the lock, so that uploads share the journal's commit. Also for ALREADY: the other upload may have
        // renamed but not synced yet, and this one's answer promises durability as well.
        DurableFiles.syncDirectory(layout.folder(id, where));
        return landed;
    }

    private static void requireSame(Sidecar present, Sidecar arrived) {
        var expected = arrived.facts().digests().require(DigestAlgorithm.SHA_256);
        if (present.facts().sizeBytes() != arrived.facts().sizeBytes()
                || !present.facts().digests().require(DigestAlgorithm.SHA_256).equals(expected)) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "conflict",
                    "This blob is already here with other bytes; blobs never change.");
        }
    }

    private static long sizeBytes(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return ABSENT;
        }
    }

    @Override
    public Optional<StoredBlob> find(BlobId id) {
        try {
            for (int look = 0; look < LOOKS; look++) {
                for (Stage stage : EITHER) {
                    var found = look(id, stage);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    /** A blob whose sidecar is lost or damaged is as good as absent; {@link #inventory} and a challenge show it. */
    private Optional<StoredBlob> look(BlobId id, Stage stage) throws IOException {
        long size = sizeBytes(layout.blob(id, stage));
        return size == ABSENT
                ? Optional.empty()
                : readSidecar(layout.sidecar(id, stage)).map(sidecar -> new StoredBlob(sidecar, stage, size));
    }

    private static Optional<Sidecar> readSidecar(Path file) throws IOException {
        try (var in = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                var reader = JsonText.reader(in)) {
            return Optional.of(Sidecar.fromJson(reader.readObject()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonException
                | ClassCastException
                | NullPointerException
                | ArithmeticException
                | DateTimeException
                | HoldfastException
                | CharacterCodingException e) {
            LOG.log(Level.WARNING, "the sidecar " + file + " is damaged", e);
            return Optional.empty();
        }
    }

    @Override
    public Optional<BlobContent> open(BlobId id) {
        try {
            for (int look = 0; look < LOOKS; look++) {
                for (Stage stage : EITHER) {
                    try {
                        return Optional.of(
                                new FileContent(FileChannel.open(layout.blob(id, stage), StandardOpenOption.READ)));
                    } catch (NoSuchFileException e) {
                        LOG.log(Level.TRACE, "{0} is not {1}", id, stage);
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    @Override
    public void promote(BlobId id) {
        try {
            synchronized (lock(id)) {
                if (Files.exists(layout.blob(id, Stage.UNCOMMITTED))) {
                    names(id);
                    dropNames(id, Stage.UNCOMMITTED);
                } else if (!Files.exists(layout.blob(id, Stage.COMMITTED))) {
                    throw HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is no such blob here.");
                }
            }
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    /**
     * Gives a blob its committed names beside the uncommitted ones, the sidecar first, so that the blob has it beside it at
     * every moment. They are durable when this returns: a file system may write its directories back in any order, and a
     * loss of power must not find the old names gone and the new ones not there. What it finds in both places is one
     * blob, of which the next start keeps the committed names ({@link TidyAfterCrash}).
     */
    private void names(BlobId id) throws IOException {
        try {
            names.link(layout.sidecar(id, Stage.COMMITTED), layout.sidecar(id, Stage.UNCOMMITTED));
            names.link(layout.blob(id, Stage.COMMITTED), layout.blob(id, Stage.UNCOMMITTED));
            names.sync(layout.folder(id, Stage.COMMITTED));
        } catch (IOException e) {
            dropNames(id, Stage.COMMITTED);
            throw e;
        }
    }

    private void dropNames(BlobId id, Stage stage) throws IOException {
        names.unlink(layout.blob(id, stage));
        names.unlink(layout.sidecar(id, stage));
    }

    @Override
    public boolean remove(BlobId id) {
        return take(id, EITHER, stage -> delete(id, stage));
    }

    @Override
    public boolean withdraw(BlobId id) {
        return take(id, List.of(Stage.UNCOMMITTED), stage -> delete(id, stage));
    }

    private void delete(BlobId id, Stage stage) throws IOException {
        Files.delete(layout.blob(id, stage));
        Files.deleteIfExists(layout.sidecar(id, stage));
    }

    @Override
    public boolean quarantine(BlobId id, String reason) {
        return take(id, EITHER, stage -> quarantine.take(layout.blob(id, stage), layout.sidecar(id, stage), reason));
    }

    /** Looks for the bytes themselves: they may have to go just because their sidecar is lost. */
    private boolean take(BlobId id, List<Stage> stages, Taking taking) {
        try {
            synchronized (lock(id)) {
                for (Stage stage : stages) {
                    long size = sizeBytes(layout.blob(id, stage));
                    if (size != ABSENT) {
                        taking.take(stage);
                        tally.subtract(size);
                        DurableFiles.syncDirectory(layout.folder(id, stage));
                        return true;
                    }
                }
                return false;
            }
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    @Override
    public InventoryPage inventory(Optional<BlobId> after, int limit) {
        try {
            return new Inventory(layout, quarantine, id -> look(id, Stage.COMMITTED)).page(after, limit);
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    @Override
    public Beginnings beginnings() {
        return beginnings;
    }

    @Override
    public Quarantine quarantine() {
        return quarantine;
    }

    @Override
    public List<StoredBlob> uncommitted(int limit) {
        var found = new ArrayList<StoredBlob>();
        try (var names = Files.newDirectoryStream(
                layout.uncommitted(), file -> !file.toString().endsWith(BlobLayout.SIDECAR_SUFFIX))) {
            for (Path file : names) {
                if (found.size() == limit) {
                    break;
                }
                Optional<BlobId> id = BlobLayout.blobOf(file);
                if (id.isPresent()) {
                    // It may be promoted between the listing and this look.
                    look(id.get(), Stage.UNCOMMITTED).ifPresent(found::add);
                }
            }
            return found;
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    @Override
    public Space space() {
        try {
            return new Space(disk.getTotalSpace(), freeBytes(), tally.bytes(), tally.blobs());
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    private long freeBytes() {
        try {
            return Math.max(0, disk.getUsableSpace() - reserveBytes);
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    @Override
    public void probe() {
        Path file = layout.incoming().resolve("probe-" + UUID.randomUUID());
        try {
            byte[] written = file.toString().getBytes(StandardCharsets.UTF_8);
            try {
                DurableFiles.writeNew(file, written);
                if (!Arrays.equals(written, Files.readAllBytes(file))) {
                    throw new IOException("other bytes came back than were written to " + file);
                }
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    private Object lock(BlobId id) {
        return locks[Math.floorMod(id.hashCode(), LOCKS)];
    }

    private interface Taking {
        void take(Stage stage) throws IOException;
    }

    private record FileContent(FileChannel channel) implements BlobContent {
        @Override
        public long sizeBytes() {
            try {
                return channel.size();
            } catch (IOException e) {
                throw DiskFailure.of(e);
            }
        }

        @Override
        public int read(long position, byte[] buffer) throws IOException {
            return channel.read(ByteBuffer.wrap(buffer), position);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
