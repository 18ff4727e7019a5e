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
import org.holdfast.contract.PutTerms;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeginningsTest {
    private static final int SIZE = 3 << 20;
    private static final long OWNER = 7;
    private static final long NAMESPACE = 9;
    private static final Beginnings.Key KEY = key(1, "writer");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final byte[] body = Samples.random(SIZE);
    private PutTerms.KeptShare share = PutTerms.KeptShare.UNBOUNDED;
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
        return new Beginnings.Key(account, OWNER, NAMESPACE, new FileAddress("admin", "dir/file"), writer);
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
        var ticket = Samples.keeping(share, Samples.put(BlobId.next(clock), clock));
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
        assertThat(store.beginnings()
                        .sizeBytes(new Beginnings.Key(
                                1, OWNER, NAMESPACE, new FileAddress("admin", "dir/other"), "writer")))
                .isZero();

        breakOff(1000, key(3, "writer"));
        assertThat(store.beginnings().sizeBytes(key(3, "writer"))).isZero();
    }

    @Test
    void anAccountHasSoManyAndNothingIsKeptForEver() throws IOException {
        for (int writer = 0; writer <= Beginnings.MOST; writer++) {
            breakOff(1 << 20, key(1, "w" + writer));
            age();
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

    /** In bytes, of the namespace and of its owner. */
    private void share(int ofNamespace, int ofOwner) {
        share = new PutTerms.KeptShare(NAMESPACE, Optional.of((long) ofNamespace), OWNER, Optional.of((long) ofOwner));
    }

    private long kept() throws IOException {
        long bytes = 0;
        for (Path file : files("begun")) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private void age() throws IOException {
        for (Path file : files("begun")) {
            FileTime at = Files.getLastModifiedTime(file);
            Files.setLastModifiedTime(file, FileTime.from(at.toInstant().minusSeconds(1)));
        }
    }

    @Test
    void togetherTheyStayWithinWhatTheQuotaHasForThem() throws IOException {
        share(5 << 20, 100 << 20);
        for (int account = 1; account <= 5; account++) {
            breakOff(2 << 20, key(account, "w"));
            assertThat(kept()).isLessThanOrEqualTo(5 << 20);
            age();
        }
        assertThat(store.beginnings().sizeBytes(key(3, "w"))).isZero();
        assertThat(store.beginnings().sizeBytes(key(4, "w"))).isEqualTo(2 << 20);
        assertThat(store.beginnings().sizeBytes(key(5, "w"))).isEqualTo(2 << 20);

        breakOff(2 << 20, key(5, "w"));
        assertThat(kept())
                .as("one that takes the place of its own is counted once")
                .isEqualTo(4 << 20);
        share(3 << 20, 100 << 20);
        breakOff(2 << 20, key(5, "w"));
        assertThat(kept()).as("less than before").isEqualTo(2 << 20);
    }

    @Test
    void thoseOfAllNamespacesOfAnOwnerCountTogether() throws IOException {
        share(3 << 20, 3 << 20);
        var elsewhere = new Beginnings.Key(1, OWNER, NAMESPACE + 1, new FileAddress("team", "f"), "w");
        var othersOwn = new Beginnings.Key(OWNER, OWNER + 1, OWNER, new FileAddress("other", "f"), "w");
        var ofNamesake = new Beginnings.Key(1, NAMESPACE, NAMESPACE + 2, new FileAddress("third", "f"), "w");
        breakOff(2 << 20, elsewhere);
        breakOff(2 << 20, ofNamesake);
        breakOff(2 << 20, othersOwn);
        age();
        breakOff(2 << 20, KEY);
        assertThat(store.beginnings().sizeBytes(elsewhere)).isZero();
        assertThat(store.beginnings().sizeBytes(othersOwn)).isEqualTo(2 << 20);
        assertThat(store.beginnings().sizeBytes(ofNamesake))
                .as("an account with the key of the namespace")
                .isEqualTo(2 << 20);
        assertThat(store.beginnings().sizeBytes(KEY)).isEqualTo(2 << 20);
    }

    @Test
    void whatTheQuotaHasNoRoomForIsCutOffAndTheRestGoesOnBehindIt() throws IOException {
        share(3 << 19, 100 << 20);
        breakOff(2 << 20, KEY);
        byte[] begun = begun(KEY);
        assertThat(begun).hasSize(3 << 19).isEqualTo(Arrays.copyOf(body, begun.length));
        var rest = new ByteArrayInputStream(body, begun.length, SIZE - begun.length);
        try (var found = store.beginnings().open(KEY).orElseThrow()) {
            var received = receive(new SequenceInputStream(found.bytes(), rest), KEY);
            assertThat(received.facts().sizeBytes()).isEqualTo(SIZE);
        }

        share((1 << 20) - 1, 100 << 20);
        breakOff(2 << 20, KEY);
        assertThat(files("begun")).as("so little is sent again in no time").isEmpty();
        assertThat(files("incoming")).isEmpty();
    }

    @Test
    void whereRoomIsShortTheyGoFirst() throws IOException {
        breakOff(1 << 20, KEY);
        long free = Files.getFileStore(folder).getUsableSpace();
        assertThatThrownBy(() -> store.receive(2 * free).close()).hasMessageContaining("full");
        assertThat(files("begun")).isEmpty();
    }
}
