package org.holdfast.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Challenge;
import org.holdfast.contract.CopyProof;
import org.holdfast.contract.CopyProof.Found;
import org.holdfast.contract.DigestAlgorithm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProveCopiesTest {
    private static final byte[] BYTES = Samples.random(100_000);

    @TempDir
    Path folder;

    private final BlobId id = new BlobId("01KJMZ2M00ABCDEFGHJKMNPQRS");
    private FileBlobStore store;
    private Path file;

    @BeforeEach
    void land() {
        store = FileBlobStore.open(new StoreConfig(folder, 0));
        file = folder.resolve("blobs/RS/" + id);
        Samples.land(store, id, BYTES, Stage.COMMITTED, new SettableClock());
    }

    private CopyProof digest() {
        return prove(List.of(id), List.of());
    }

    private CopyProof glance() {
        return prove(List.of(), List.of(id));
    }

    private CopyProof prove(List<BlobId> digests, List<BlobId> presence) {
        return new ProveCopies(store).prove(new Challenge(digests, presence, 0)).get(0);
    }

    @Test
    void digestsComeFromTheDiskAndNotFromTheSidecar() throws IOException {
        assertThat(digest())
                .isEqualTo(
                        new CopyProof(id, Found.DIGESTED, BYTES.length, Samples.hex(DigestAlgorithm.SHA_256, BYTES)));
        byte[] flipped = BYTES.clone();
        flipped[77_777] ^= 4;
        Files.write(file, flipped);
        assertThat(digest().sha256()).isEqualTo(Samples.hex(DigestAlgorithm.SHA_256, flipped));
        assertThat(glance()).isEqualTo(new CopyProof(id, Found.PRESENT, BYTES.length, ""));
    }

    @Test
    void aCutBlobIsSeenWithoutReadingIt() throws IOException {
        Files.write(file, Samples.random(99_999));
        assertThat(List.of(digest().found(), glance().found())).containsOnly(Found.CUT);
        assertThat(glance().sizeBytes()).isEqualTo(99_999);
    }

    @Test
    void aLostSidecarIsSeen() throws IOException {
        Files.delete(folder.resolve("blobs/RS/" + id + ".json"));
        assertThat(List.of(digest().found(), glance().found())).containsOnly(Found.BARE);
    }

    @Test
    void whatIsGoneIsMissing() throws IOException {
        Files.delete(file);
        assertThat(List.of(digest(), glance())).containsOnly(new CopyProof(id, Found.MISSING, 0, ""));
    }

    @Test
    void whatTheDiskDoesNotReturnIsUnreadableAndNoFailure() throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(digest().found()).isEqualTo(Found.UNREADABLE);
    }

    @Test
    void aPaceHoldsTheReaderBack() {
        long begun = System.nanoTime();
        var unused = new ProveCopies(store).prove(new Challenge(List.of(id), List.of(), 10L * BYTES.length));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(99));
    }
}
