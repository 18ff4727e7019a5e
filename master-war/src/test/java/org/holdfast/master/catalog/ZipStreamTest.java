package org.holdfast.master.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Read back by the JDK's readers: one goes by the directory, the other by what comes. */
class ZipStreamTest {
    private static final Instant THEN = Instant.parse("2026-03-01T12:34:56Z");
    private static final int MORE_THAN_16_BITS_COUNT = 70_000;

    private static final InputStream BREAKS = new FilterInputStream(InputStream.nullInputStream()) {
        @Override
        public int read(byte[] buffer, int offset, int length) {
            throw HoldfastException.of(FailureKind.UNAVAILABLE, "unavailable", "no node");
        }
    };

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("a.zip");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_534, 65_535, 65_536, 131_070, 300_000})
    void aFileOfAnySizeComesBack(int size) throws IOException {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        try (OutputStream out = Files.newOutputStream(file());
                var zip = new ZipStream(out)) {
            zip.folder("docs", THEN);
            assertThat(zip.file("docs/ü \ud83d\ude00", THEN, size, new ByteArrayInputStream(bytes)))
                    .isEmpty();
            assertThat(zip.file("docs/b", THEN, 1, new ByteArrayInputStream(new byte[1])))
                    .isEmpty();
            zip.finish("");
        }
        try (var zip = new ZipFile(file().toFile())) {
            var entry = zip.getEntry("docs/ü \ud83d\ude00");
            assertThat(zip.getInputStream(entry).readAllBytes()).isEqualTo(bytes);
            assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(THEN);
            var crc = new CRC32();
            crc.update(bytes);
            assertThat(entry.getCrc()).isEqualTo(crc.getValue());
            assertThat(zip.getEntry("docs/").isDirectory()).isTrue();
            assertThat(zip.size()).isEqualTo(3);
        }
        try (var in = new ZipInputStream(Files.newInputStream(file()), UTF_8)) {
            for (String name : new String[] {"docs/", "docs/ü \ud83d\ude00", "docs/b"}) {
                assertThat(in.getNextEntry().getName()).isEqualTo(name);
                assertThat(in.readAllBytes()).hasSize(name.endsWith("/") ? 0 : name.equals("docs/b") ? 1 : size);
            }
            assertThat(in.getNextEntry()).isNull();
        }
    }

    @Test
    void thereMayBeMoreEntriesThan16BitsTell() throws IOException {
        try (OutputStream out = Files.newOutputStream(file());
                var zip = new ZipStream(out)) {
            for (int i = 0; i < MORE_THAN_16_BITS_COUNT; i++) {
                zip.folder("many/" + i, THEN);
            }
            zip.finish("");
        }
        try (var zip = new ZipFile(file().toFile())) {
            assertThat(zip.size()).isEqualTo(MORE_THAN_16_BITS_COUNT);
        }
    }

    /** Nothing but zeros, which take no room in the file that they are written to. */
    @Test
    void filesMayBeLargerThan32BitsTell() throws IOException {
        long large = 0x1_0000_1234L;
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                var zip = new ZipStream(new Sparse(channel))) {
            assertThat(zip.file("large", THEN, large, new Zeros(large))).isEmpty();
            assertThat(zip.file("behind", THEN, 5, new ByteArrayInputStream("Hello".getBytes(UTF_8))))
                    .isEmpty();
            zip.finish("");
        }
        try (var zip = new ZipFile(file().toFile())) {
            assertThat(zip.getEntry("large").getSize()).isEqualTo(large);
            var behind = zip.getEntry("behind");
            assertThat(zip.getInputStream(behind).readAllBytes())
                    .asString(UTF_8)
                    .isEqualTo("Hello");
        }
    }

    @Test
    void aFileThatCanNotBeReadFromItsFirstBlockOnLeavesNoEntry() throws IOException {
        assertThat(withABrokenFile(100)).isEmpty();
        try (var zip = new ZipFile(file().toFile())) {
            assertThat(zip.getEntry("broken")).isNull();
            assertThat(zip.getInputStream(zip.getEntry("behind")).readAllBytes())
                    .hasSize(5);
            assertThat(zip.getComment()).isEqualTo("1 missing");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {65_535, 65_536, 200_000})
    void aFileThatBreaksOffLaterIsTakenForWholeByNobody(int sentBytes) throws IOException {
        assertThat(withABrokenFile(sentBytes)).contains("ZipException");
        try (var zip = new ZipFile(file().toFile())) {
            assertThat(zip.getEntry("broken").getSize()).isEqualTo(sentBytes / 65_535 * 65_535L);
            assertThat(zip.getInputStream(zip.getEntry("behind")).readAllBytes())
                    .hasSize(5);
        }
    }

    /** Names of what reading it as a stream throws. */
    private String withABrokenFile(int sentBytes) throws IOException {
        try (OutputStream out = Files.newOutputStream(file());
                var zip = new ZipStream(out)) {
            var breaks = new SequenceInputStream(new ByteArrayInputStream(new byte[sentBytes]), BREAKS);
            assertThat(zip.file("broken", THEN, 1_000_000, breaks))
                    .map(HoldfastException::code)
                    .contains("unavailable");
            assertThat(zip.file("behind", THEN, 5, new ByteArrayInputStream("Hello".getBytes(UTF_8))))
                    .isEmpty();
            zip.finish("1 missing");
        }
        try (var in = new ZipInputStream(Files.newInputStream(file()), UTF_8)) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                in.readAllBytes();
            }
            return "";
        } catch (ZipException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void anotherNumberOfBytesThanToldIsRefused(int more) throws IOException {
        try (var zip = new ZipStream(OutputStream.nullOutputStream())) {
            assertThatThrownBy(() -> zip.file("a", THEN, 100, new ByteArrayInputStream(new byte[100 + more])))
                    .isInstanceOf(EOFException.class);
        }
    }

    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long left) {
            this.left = left;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(left, length);
            left -= count;
            java.util.Arrays.fill(buffer, offset, offset + count, (byte) 0);
            return count;
        }
    }

    /** Leaves the zeros of a block out. */
    private static final class Sparse extends OutputStream {
        private static final int HEAD_BYTES = 5;
        private static final int BLOCK_BYTES = 65_540;
        private final FileChannel channel;

        Sparse(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            long at = channel.position();
            int told = length == BLOCK_BYTES ? HEAD_BYTES : length;
            int written = channel.write(ByteBuffer.wrap(bytes, offset, told));
            assertThat(written).isEqualTo(told);
            channel.position(at + length);
        }
    }
}
