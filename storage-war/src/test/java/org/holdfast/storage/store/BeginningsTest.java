package org.holdfast.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FileAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeginningsTest {
    private static final int SIZE = 3 << 20;
    private static final Beginnings.Key KEY = key(1, "writer");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final byte[] body = Samples.random(SIZE);
    private FileBlobStore store;

    @BeforeEach
    void open() {
        store = FileBlobStore.open(new StoreConfig(folder, 0));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static Beginnings.Key key(long account, String writer) {
        return new Beginnings.Key(account, new FileAddress("admin", "dir/file"), writer);
    }

    /** The body up to there, and then the line breaks. */
    private InputStream breakingAt(int bytes) {
        var broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the line broke");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };
        return new SequenceInputStream(new ByteArrayInputStream(body, 0, bytes), broken);
    }

    private ReceiveBlob.Received receive(InputStream bytes, Beginnings.Key key) throws IOException {
        var ticket = Samples.put(BlobId.next(clock), clock);
        var upload = new ReceiveBlob.Upload(ticket, SIZE, Digests.NONE, Optional.of(key));
        return new ReceiveBlob(store, new DigestPool(threads, 1), clock).receive(bytes, upload);
    }

    private void breakOff(int at, Beginnings.Key key) {
        assertThatThrownBy(() -> receive(breakingAt(at), key)).isInstanceOf(IOException.class);
    }

    private byte[] begun(Beginnings.Key key) throws IOException {
        try (var found = store.beginnings().open(key).orElseThrow()) {
            byte[] bytes = found.bytes().readAllBytes();
            assertThat(found.sizeBytes()).isEqualTo(bytes.length);
            return bytes;
        }
    }

    private List<Path> files(String directory) throws IOException {
        try (var files = Files.list(folder.resolve(directory))) {
            return files.toList();
        }
    }

    @Test
    void whatHadArrivedIsKeptAndTheRestMakesItWhole() throws IOException {
        breakOff(2 << 20, KEY);
        byte[] begun = begun(KEY);
        assertThat(begun).hasSizeGreaterThanOrEqualTo(1 << 20).isEqualTo(Arrays.copyOf(body, begun.length));
        assertThat(store.beginnings().sizeBytes(KEY)).isEqualTo(begun.length);
        assertThat(files("incoming")).isEmpty();

        store = FileBlobStore.open(new StoreConfig(folder, 0));
        var rest = new ByteArrayInputStream(body, begun.length, SIZE - begun.length);
        ReceiveBlob.Received received;
        try (var found = store.beginnings().open(KEY).orElseThrow()) {
            received = receive(new SequenceInputStream(found.bytes(), rest), KEY);
        }
        assertThat(received.facts().digests().etag())
                .isEqualTo(Samples.facts(received.facts().id(), body).digests().etag());
        assertThat(store.beginnings().open(KEY)).isEmpty();
        assertThat(files("begun")).isEmpty();
    }

    @Test
    void aSecondTryThatBreaksTooKeepsMore() throws IOException {
        breakOff(1 << 20, KEY);
        try (var found = store.beginnings().open(KEY).orElseThrow()) {
            var more = new SequenceInputStream(found.bytes(), breakingAt(0));
            assertThatThrownBy(() -> receive(more, KEY)).isInstanceOf(IOException.class);
        }
        assertThat(begun(KEY)).hasSize(1 << 20);
        breakOff(2 << 20, KEY);
        assertThat(begun(KEY)).hasSize(2 << 20);
    }

    @Test
    void noneElseSeesItAndLittleIsNotKept() {
        breakOff(2 << 20, KEY);
        assertThat(store.beginnings().sizeBytes(key(2, "writer"))).isZero();
        assertThat(store.beginnings().open(key(1, "another"))).isEmpty();
        assertThat(store.beginnings().sizeBytes(new Beginnings.Key(1, new FileAddress("admin", "dir/other"), "writer")))
                .isZero();

        breakOff(1000, key(3, "writer"));
        assertThat(store.beginnings().sizeBytes(key(3, "writer"))).isZero();
    }

    @Test
    void anAccountHasSoManyAndNothingIsKeptForEver() throws IOException {
        for (int writer = 0; writer <= Beginnings.MOST; writer++) {
            breakOff(1 << 20, key(1, "w" + writer));
            for (Path file : files("begun")) {
                FileTime at = Files.getLastModifiedTime(file);
                Files.setLastModifiedTime(file, FileTime.from(at.toInstant().minusSeconds(1)));
            }
        }
        assertThat(files("begun")).hasSize(Beginnings.MOST);
        assertThat(store.beginnings().sizeBytes(key(1, "w0"))).isZero();
        assertThat(store.beginnings().sizeBytes(key(1, "w1"))).isEqualTo(1 << 20);

        assertThat(store.beginnings().removeOlderThan(Instant.now().minusSeconds(60)))
                .isZero();
        assertThat(store.beginnings().removeOlderThan(Instant.now().plusSeconds(60)))
                .isEqualTo(Beginnings.MOST);
        assertThat(files("begun")).isEmpty();
    }

    @Test
    void whereRoomIsShortTheyGoFirst() throws IOException {
        breakOff(1 << 20, KEY);
        long free = Files.getFileStore(folder).getUsableSpace();
        assertThatThrownBy(() -> store.receive(2 * free).close()).hasMessageContaining("full");
        assertThat(files("begun")).isEmpty();
    }
}
