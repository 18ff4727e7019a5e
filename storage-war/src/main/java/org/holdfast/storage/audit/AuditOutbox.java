package org.holdfast.storage.audit;

import jakarta.json.JsonException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.storage.store.PrivateFiles;
import org.jspecify.annotations.Nullable;

/**
 * Records that wait for a master, in files of the data directory. Bounded: when too much waits, or the disk does not take
 * it, a record goes to the process's log instead, and is counted. Thread-safe; batches are taken by one thread.
 */
public final class AuditOutbox {
    /** Some 800,000 records: an hour of 200 requests a second without a master. */
    public static final long MOST_BYTES = 256L << 20;

    static final long FILE_BYTES = 1L << 20;

    /** Half of what a master takes as a body. */
    private static final int BATCH_BYTES = 512 * 1024;

    private static final Logger LOG = System.getLogger(AuditOutbox.class.getName());
    private static final String SUFFIX = ".jsonl";

    private final Path folder;
    private final long mostBytes;
    private long bytes;
    private long lost;
    private long number;
    private @Nullable FileChannel current;
    private long currentBytes;

    /** Up to where the oldest file has been handed over; forgotten by a restart, which hands it over again. */
    private int handedOver;

    private AuditOutbox(Path folder, long mostBytes, List<Path> files) throws IOException {
        this.folder = folder;
        this.mostBytes = mostBytes;
        for (Path file : files) {
            bytes += Files.size(file);
            number = Math.max(number, numberOf(file));
        }
    }

    /**
     * Opens the folder, and makes it where needed.
     *
     * @throws HoldfastException UNAVAILABLE when the disk fails
     */
    public static AuditOutbox open(Path folder, long mostBytes) {
        try {
            PrivateFiles.createDirectories(folder);
            return new AuditOutbox(folder, mostBytes, files(folder));
        } catch (IOException e) {
            throw HoldfastException.of(
                    FailureKind.UNAVAILABLE, "unavailable", "The folder " + folder + " can't be used.", e);
        }
    }

    /**
     * Some records of one file.
     *
     * @param end position behind them
     * @param isLast whether nothing follows in this file
     */
    record Batch(Path file, int end, boolean isLast, List<AuditRecord> records) {}

    /** Takes a record; never fails. */
    public synchronized void add(AuditRecord record) {
        byte[] line = (record.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
        if (bytes + line.length > mostBytes) {
            lose(record, "too many records wait for a master");
            return;
        }
        try {
            FileChannel file = current;
            if (file == null || currentBytes >= FILE_BYTES) {
                file = next();
            }
            var buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
            currentBytes += line.length;
            bytes += line.length;
        } catch (IOException e) {
            // Half a line may have been written: the next record begins another file.
            endCurrent();
            lose(record, e.toString());
        }
    }

    private void lose(AuditRecord record, String why) {
        lost++;
        LOG.log(Level.ERROR, "a record of the audit log is kept here only, since {0}: {1}", why, record.toJson());
    }

    private FileChannel next() throws IOException {
        endCurrent();
        number++;
        FileChannel file = PrivateFiles.open(
                folder.resolve(String.format("%019d%s", number, SUFFIX)),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
        current = file;
        return file;
    }

    private void endCurrent() {
        FileChannel file = current;
        current = null;
        currentBytes = 0;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "a file of records can''t be closed: {0}", e);
            }
        }
    }

    /** The records that have waited longest; empty when there are none. */
    synchronized Optional<Batch> oldest() {
        // A disk that is away is others' business to tell.
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try {
            List<Path> files = files(folder);
            if (files.isEmpty()) {
                return Optional.empty();
            }
            if (files.size() == 1) {
                endCurrent();
            }
            return Optional.of(read(files.get(0)));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the records of the audit log can''t be read: {0}", e);
            return Optional.empty();
        }
    }

    private Batch read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        List<AuditRecord> records = new ArrayList<>();
        int begin = handedOver;
        int at = begin;
        while (at < content.length && records.size() < AuditRecord.MAX_BATCH && at - begin < BATCH_BYTES) {
            int end = at;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            parse(new String(content, at, end - at, StandardCharsets.UTF_8)).ifPresent(records::add);
            at = end + 1;
        }
        return new Batch(file, at, at >= content.length, records);
    }

    /** A line that is not whole is the last one before a loss of power. */
    private static Optional<AuditRecord> parse(String line) {
        try (var reader = JsonText.reader(line)) {
            return Optional.of(AuditRecord.fromJson(reader.readObject()));
        } catch (JsonException
                | NullPointerException
                | ClassCastException
                | IllegalArgumentException
                | ArithmeticException
                | DateTimeException e) {
            LOG.log(Level.WARNING, "an unreadable record of the audit log: {0}", line);
            return Optional.empty();
        }
    }

    /** Forgets records that a master has stored. */
    synchronized void acknowledge(Batch batch) {
        if (!batch.isLast) {
            handedOver = batch.end;
            return;
        }
        handedOver = 0;
        try {
            long size = Files.size(batch.file);
            Files.delete(batch.file);
            bytes -= size;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "records that were handed over can''t be deleted and will be again: {0}", e);
        }
    }

    /** Whether there is room for what may be left out, too; the other half is for what may not. */
    public synchronized boolean isHalfEmpty() {
        return bytes < mostBytes / 2;
    }

    /** Bytes that wait for a master. */
    public synchronized long waitingBytes() {
        return bytes;
    }

    /** Records that are in the process's log only. */
    public synchronized long lost() {
        return lost;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d{19}\\" + SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static long numberOf(Path file) {
        return Long.parseLong(file.getFileName().toString().replace(SUFFIX, ""));
    }
}
