package org.holdfast.master.catalog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.holdfast.contract.HoldfastException;

/**
 * A zip (PKWARE's APPNOTE 6.3.10) that goes out while its files come in. Its directory, which stands at the end, waits in a
 * file, compressed: a million names would be most of a master's memory.
 *
 * <p>Nothing is made smaller, yet files are marked as deflated, in blocks that are stored (RFC 1951, 3.2.4): the checksum is
 * known after the bytes only, and who reads a stream finds their end by the last block's mark. What is larger than 32 bits
 * can tell, a file, an offset, or the directory, is told in Zip64 records.
 */
final class ZipStream implements Closeable {
    private static final int LOCAL = 0x04034b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;

    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int END_64_BYTES = 56;
    private static final int LOCATOR_64_BYTES = 20;

    /** Stands where a number is in a Zip64 record instead. */
    private static final long ELSEWHERE = 0xffff_ffffL;

    private static final int MANY = 0xffff;
    private static final short EXTRA_64 = 0x0001;
    private static final short EXTRA_TIME = 0x5455;
    private static final int EXTRA_TIME_BYTES = 9;
    private static final short VERSION = 20;
    private static final short VERSION_64 = 45;
    private static final short MADE_BY_UNIX = (3 << 8) + VERSION_64;
    private static final short NAME_IS_UTF_8 = 1 << 11;
    private static final short CHECKSUM_FOLLOWS = 1 << 3;
    private static final short DEFLATED = 8;
    private static final int FILE_MODE = 0100644 << 16;
    private static final int FOLDER_MODE = (040755 << 16) + 0x10;

    private static final int BLOCK_BYTES = 0xffff;
    private static final int BLOCK_HEAD_BYTES = 5;
    private static final int FIRST_YEAR = 1980;
    private static final int LAST_YEAR = 2107;

    private final OutputStream out;
    private final FileChannel kept;
    private final DeflaterOutputStream directory;
    private final byte[] block = new byte[BLOCK_HEAD_BYTES + BLOCK_BYTES];
    private long sentBytes;
    private long entries;

    /** Begins one; {@code out} is not closed. */
    ZipStream(OutputStream out) throws IOException {
        this.out = out;
        this.kept = FileChannel.open(
                Files.createTempFile("holdfast-archive-", ".directory"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        this.directory = new DeflaterOutputStream(Channels.newOutputStream(kept));
    }

    private record Entry(String name, Instant modified, long sizeBytes, long packedBytes, long offset) {
        boolean isFolder() {
            return name.endsWith("/");
        }

        boolean isLarge() {
            return packedBytes >= ELSEWHERE;
        }

        boolean isFar() {
            return offset >= ELSEWHERE;
        }

        private short version() {
            return isLarge() || isFar() ? VERSION_64 : VERSION;
        }

        private short flags() {
            return isFolder() ? NAME_IS_UTF_8 : NAME_IS_UTF_8 | CHECKSUM_FOLLOWS;
        }

        /** What the heads before the bytes and in the directory have in common, up to the length of the name. */
        void describe(ByteBuffer head, int crc, long packed, long size) {
            LocalDateTime time = LocalDateTime.ofInstant(modified, ZoneOffset.UTC);
            int year = Math.max(FIRST_YEAR, Math.min(LAST_YEAR, time.getYear())) - FIRST_YEAR;
            head.putShort(version())
                    .putShort(flags())
                    .putShort(isFolder() ? 0 : DEFLATED)
                    .putShort((short) ((time.getHour() << 11) + (time.getMinute() << 5) + (time.getSecond() / 2)))
                    .putShort((short) ((year << 9) + (time.getMonthValue() << 5) + time.getDayOfMonth()))
                    .putInt(crc)
                    .putInt((int) (isLarge() ? ELSEWHERE : packed))
                    .putInt((int) (isLarge() ? ELSEWHERE : size))
                    .putShort((short) name.getBytes(UTF_8).length);
        }

        void putTime(ByteBuffer head) {
            head.putShort(EXTRA_TIME)
                    .putShort((short) (EXTRA_TIME_BYTES - 4))
                    .put((byte) 1)
                    .putInt((int) modified.getEpochSecond());
        }
    }

    void folder(String name, Instant modified) throws IOException {
        var entry = new Entry(name + "/", modified, 0, 0, sentBytes);
        send(local(entry));
        list(entry, 0);
    }

    /**
     * Adds a file. One whose first block can't be read leaves no entry. One that breaks off later leaves what had come, with
     * a wrong checksum: no program takes it for whole, and all go on with the next.
     *
     * @param bytes read to its end, not closed; throws HoldfastException when there are no more although there should be
     * @return what it threw; empty: the file is whole
     * @throws EOFException unless there are as many as told
     */
    Optional<HoldfastException> file(String name, Instant modified, long sizeBytes, InputStream bytes)
            throws IOException {
        int count;
        try {
            count = read(bytes, sizeBytes);
        } catch (HoldfastException e) {
            return Optional.of(e);
        }
        long blocks = Math.max(1, (sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES);
        var planned = new Entry(name, modified, sizeBytes, sizeBytes + blocks * BLOCK_HEAD_BYTES, sentBytes);
        send(local(planned));
        long began = sentBytes;
        var crc = new CRC32();
        long left = sizeBytes;
        Optional<HoldfastException> broken = Optional.empty();
        while (true) {
            left -= count;
            crc.update(block, BLOCK_HEAD_BYTES, count);
            sendBlock(count, left == 0);
            if (left == 0) {
                break;
            }
            try {
                count = read(bytes, left);
            } catch (HoldfastException e) {
                sendBlock(0, true);
                broken = Optional.of(e);
                break;
            }
        }
        int told = (int) (broken.isPresent() ? ~crc.getValue() : crc.getValue());
        var entry = new Entry(name, modified, sizeBytes - left, sentBytes - began, planned.offset);
        ByteBuffer end = record(planned.isLarge() ? 24 : 16).putInt(DESCRIPTOR).putInt(told);
        send(
                planned.isLarge()
                        ? end.putLong(entry.packedBytes).putLong(entry.sizeBytes)
                        : end.putInt((int) entry.packedBytes).putInt((int) entry.sizeBytes));
        list(entry, told);
        return broken;
    }

    /** Reads the next block's bytes, and with the last ones that there are no more. */
    private int read(InputStream bytes, long leftBytes) throws IOException {
        int count = (int) Math.min(BLOCK_BYTES, leftBytes);
        if (bytes.readNBytes(block, BLOCK_HEAD_BYTES, count) < count) {
            throw new EOFException("fewer bytes than were told");
        }
        if (count == leftBytes && bytes.read() >= 0) {
            throw new EOFException("more bytes than were told");
        }
        return count;
    }

    private void sendBlock(int count, boolean isLast) throws IOException {
        ByteBuffer.wrap(block)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) (isLast ? 1 : 0))
                .putShort((short) count)
                .putShort((short) ~count);
        send(ByteBuffer.wrap(block).position(BLOCK_HEAD_BYTES + count));
    }

    private static ByteBuffer local(Entry entry) {
        byte[] name = entry.name.getBytes(UTF_8);
        int extra = EXTRA_TIME_BYTES + (entry.isLarge() ? 20 : 0);
        ByteBuffer head = record(LOCAL_BYTES + name.length + extra).putInt(LOCAL);
        entry.describe(head, 0, 0, 0);
        head.putShort((short) extra).put(name);
        entry.putTime(head);
        if (entry.isLarge()) {
            head.putShort(EXTRA_64).putShort((short) 16).putLong(0).putLong(0);
        }
        return head;
    }

    /** Adds a line to the directory. */
    private void list(Entry entry, int crc) throws IOException {
        byte[] name = entry.name.getBytes(UTF_8);
        int extra64 = (entry.isLarge() ? 16 : 0) + (entry.isFar() ? 8 : 0);
        int extra = EXTRA_TIME_BYTES + (extra64 > 0 ? 4 + extra64 : 0);
        ByteBuffer head =
                record(CENTRAL_BYTES + name.length + extra).putInt(CENTRAL).putShort(MADE_BY_UNIX);
        entry.describe(head, crc, entry.packedBytes, entry.sizeBytes);
        head.putShort((short) extra)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(entry.isFolder() ? FOLDER_MODE : FILE_MODE)
                .putInt((int) (entry.isFar() ? ELSEWHERE : entry.offset))
                .put(name);
        entry.putTime(head);
        if (extra64 > 0) {
            head.putShort(EXTRA_64).putShort((short) extra64);
        }
        if (entry.isLarge()) {
            head.putLong(entry.sizeBytes).putLong(entry.packedBytes);
        }
        if (entry.isFar()) {
            head.putLong(entry.offset);
        }
        directory.write(head.array(), head.arrayOffset(), head.position());
        entries++;
    }

    /**
     * Writes the directory; without it, what has been written is no zip.
     *
     * @param comment about the whole, ASCII; may be empty
     */
    void finish(String comment) throws IOException {
        directory.finish();
        long began = sentBytes;
        kept.position(0);
        try (InputStream lines = new InflaterInputStream(Channels.newInputStream(kept))) {
            for (int count = lines.read(block); count >= 0; count = lines.read(block)) {
                send(ByteBuffer.wrap(block).position(count));
            }
        }
        long directoryBytes = sentBytes - began;
        if (entries >= MANY || began >= ELSEWHERE || directoryBytes >= ELSEWHERE) {
            finish64(began, directoryBytes);
        }
        short told = (short) Math.min(MANY, entries);
        byte[] remark = comment.getBytes(US_ASCII);
        send(record(END_BYTES + remark.length)
                .putInt(END)
                .putInt(0)
                .putShort(told)
                .putShort(told)
                .putInt((int) Math.min(ELSEWHERE, directoryBytes))
                .putInt((int) Math.min(ELSEWHERE, began))
                .putShort((short) remark.length)
                .put(remark));
        out.flush();
    }

    private void finish64(long began, long directoryBytes) throws IOException {
        long here = sentBytes;
        send(record(END_64_BYTES)
                .putInt(END_64)
                .putLong(END_64_BYTES - 12)
                .putShort(MADE_BY_UNIX)
                .putShort(VERSION_64)
                .putLong(0)
                .putLong(entries)
                .putLong(entries)
                .putLong(directoryBytes)
                .putLong(began));
        send(record(LOCATOR_64_BYTES).putInt(LOCATOR_64).putInt(0).putLong(here).putInt(1));
    }

    private static ByteBuffer record(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What lies before the buffer's position. */
    private void send(ByteBuffer filled) throws IOException {
        out.write(filled.array(), filled.arrayOffset(), filled.position());
        sentBytes += filled.position();
    }

    /** Forgets the directory. */
    @Override
    public void close() throws IOException {
        try {
            directory.close();
        } finally {
            kept.close();
        }
    }
}
