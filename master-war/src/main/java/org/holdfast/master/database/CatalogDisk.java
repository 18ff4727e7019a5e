package org.holdfast.master.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.holdfast.contract.HoldfastException;

/**
 * The disk of the catalog's database, where this master can see it: it knows then how much room is left, and takes no new
 * files while the last of it is needed to delete some. Nobody else can: MariaDB writes until there is no room, and ends.
 */
public final class CatalogDisk {
    /** Sooner than people, for whom it takes some time to make room. */
    private static final Duration COME_BACK = Duration.ofSeconds(30);

    private final Supplier<Optional<Room>> look;
    private final long reserveBytes;

    /** What a disk has. */
    public record Room(long freeBytes, long totalBytes) {}

    /**
     * A disk that is looked at each time somebody asks.
     *
     * @param look empty while nobody knows
     * @param reserveBytes with less room than this no file is put
     */
    public CatalogDisk(Supplier<Optional<Room>> look, long reserveBytes) {
        this.look = look;
        this.reserveBytes = reserveBytes;
    }

    /** The disk on which this directory lies; it must be there. */
    public static CatalogDisk of(Path directory, long reserveBytes) {
        try {
            FileStore disk = Files.getFileStore(directory);
            return new CatalogDisk(() -> room(disk), reserveBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("The database's directory " + directory + " can't be looked at", e);
        }
    }

    private static Optional<Room> room(FileStore disk) {
        try {
            return Optional.of(new Room(disk.getUsableSpace(), disk.getTotalSpace()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Empty where this master can't see the disk. */
    public Optional<Room> room() {
        return look.get();
    }

    public long reserveBytes() {
        return reserveBytes;
    }

    /** Whether the rest is kept for what makes room. */
    public boolean isFull() {
        return room().filter(this::isFull).isPresent();
    }

    /** Whether what was seen is no more than the rest. */
    public boolean isFull(Room seen) {
        return seen.freeBytes < reserveBytes;
    }

    /** UNAVAILABLE {@code catalog-full} when it is. */
    public void requireRoom() {
        if (isFull()) {
            throw full();
        }
    }

    /** What is answered when it is full, by its room or by what the database says. */
    public static HoldfastException full() {
        return HoldfastException.comeBack(
                "catalog-full",
                "The disk of the catalog's database is full: what is there can be read, and no file can be put.",
                COME_BACK);
    }
}
