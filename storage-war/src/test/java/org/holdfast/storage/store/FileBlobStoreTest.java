package org.holdfast.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.InventoryPage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest implements BlobStoreContract {
    @TempDir
    Path folder;

    private FileBlobStore store;
    private final BlobId id = new BlobId("01KJMZ2M00ABCDEFGHJKMNPQRS");

    @BeforeEach
    void open() {
        store = FileBlobStore.open(new StoreConfig(folder, 0));
    }

    @Override
    public BlobStore testee() {
        return store;
    }

    private List<String> files() throws IOException {
        try (var walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private FileBlobStore reopened() {
        return FileBlobStore.open(new StoreConfig(folder, 0));
    }

    @Test
    void blobsLieWhereTheFormatSays() throws IOException {
        Samples.land(store, id, Samples.bytes("x"), Stage.UNCOMMITTED, CLOCK);
        assertThat(files()).containsExactly("uncommitted/" + id, "uncommitted/" + id + ".json");
        store.promote(id);
        assertThat(files()).containsExactly("blobs/RS/" + id, "blobs/RS/" + id + ".json");
        assertThat(folder.resolve("blobs/RS/" + id + ".json"))
                .content()
                .contains(
                        "\"namespace\":\"admin\"",
                        "\"path\":\"dir/a file ü.txt\"",
                        "\"account\":\"anna\"",
                        "\"sha-256\":\"2d711642");
        store.quarantine(id, "because");
        assertThat(files())
                .containsExactly("quarantine/" + id, "quarantine/" + id + ".json", "quarantine/" + id + ".reason");
    }

    @Test
    void nothingIsLeftInIncomingWhenAnUploadEndsEarly() throws IOException {
        try (var reception = store.receive(BlobFacts.UNKNOWN_SIZE)) {
            reception.write(Samples.random(10), 10);
            assertThat(files()).hasSize(1);
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void nothingIsLeftWhenOtherBytesAreRefused() throws IOException {
        Samples.land(store, id, Samples.bytes("first"), Stage.COMMITTED, CLOCK);
        assertThatThrownBy(() -> Samples.land(store, id, Samples.bytes("other"), Stage.COMMITTED, CLOCK))
                .isInstanceOf(HoldfastException.class);
        assertThat(files()).hasSize(2);
    }

    @Test
    void bytesThatWereNotCountedAreNeverLanded() {
        try (var reception = store.receive(1)) {
            assertThatThrownBy(() -> reception.land(Samples.sidecar(id, new byte[1], CLOCK), Stage.COMMITTED))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aStartThrowsAwayWhatWasStillArriving() throws IOException {
        Files.writeString(folder.resolve("incoming/5f0c"), "half a file");
        reopened();
        assertThat(files()).isEmpty();
    }

    @Test
    void aStartFindsEveryBlobAgainAndCountsThem() {
        var other = BlobId.next(CLOCK);
        Samples.land(store, id, Samples.random(100), Stage.UNCOMMITTED, CLOCK);
        Samples.land(store, other, Samples.random(200), Stage.COMMITTED, CLOCK);
        var again = reopened();
        assertThat(again.space().usedBytes()).isEqualTo(300);
        assertThat(again.space().blobs()).isEqualTo(2);
        assertThat(again.uncommitted(10))
                .singleElement()
                .isEqualTo(store.find(id).orElseThrow());
    }

    @Test
    void aCrashBetweenTheTwoStepsOfALandingLeavesNoTrace() throws IOException {
        Files.writeString(folder.resolve("uncommitted/" + id + ".json"), "{}");
        var again = reopened();
        assertThat(files()).isEmpty();
        assertThat(again.find(id)).isEmpty();
    }

    @Test
    void aCrashWithinAPromotionLosesNothing() throws IOException {
        Samples.land(store, id, Samples.bytes("x"), Stage.UNCOMMITTED, CLOCK);
        Path target = Files.createDirectories(folder.resolve("blobs/RS"));
        // Power fails after the sidecar has got its second name.
        Files.createLink(target.resolve(id + ".json"), folder.resolve("uncommitted/" + id + ".json"));
        var again = reopened();
        assertThat(again.find(id).orElseThrow().stage()).isEqualTo(Stage.UNCOMMITTED);
        again.promote(id);
        assertThat(again.find(id).orElseThrow().isWhole()).isTrue();
        // Power fails after the blob was moved: the old sidecar is left.
        Files.createLink(folder.resolve("uncommitted/" + id + ".json"), target.resolve(id + ".json"));
        assertThat(reopened().find(id).orElseThrow().stage()).isEqualTo(Stage.COMMITTED);
        assertThat(files()).containsExactly("blobs/RS/" + id, "blobs/RS/" + id + ".json");
    }

    @Test
    void aStrangeFileIsSetAsideAndNotCounted() throws IOException {
        Files.createDirectories(folder.resolve("blobs/RS"));
        Files.writeString(folder.resolve("blobs/RS/" + id), "no sidecar");
        Files.writeString(folder.resolve("uncommitted/notes.txt"), "a person's");
        var again = reopened();
        assertThat(files())
                .containsExactly(
                        "quarantine/" + id,
                        "quarantine/" + id + ".reason",
                        "quarantine/notes.txt",
                        "quarantine/notes.txt.reason");
        assertThat(again.space().blobs()).isZero();
    }

    @Test
    void bytesThatLandAgainTakeThePlaceOfRottenOnes() throws IOException {
        Samples.land(store, id, Samples.bytes("twelve bytes"), Stage.COMMITTED, CLOCK);
        Files.writeString(folder.resolve("blobs/RS/" + id), "twElve");
        assertThat(Samples.land(store, id, Samples.bytes("twelve bytes"), Stage.COMMITTED, CLOCK))
                .isEqualTo(Reception.Landed.ALREADY);
        assertThat(folder.resolve("blobs/RS/" + id)).hasContent("twelve bytes");
        assertThat(files()).containsExactly("blobs/RS/" + id, "blobs/RS/" + id + ".json");
    }

    @Test
    void aBlobWithALostOrDamagedSidecarIsNotFoundButInventoriedAndTakenAway() throws IOException {
        Path card = folder.resolve("blobs/RS/" + id + ".json");
        for (String damage : List.of("", "{\"format\":1}", "gone")) {
            Samples.land(store, id, Samples.bytes("x"), Stage.COMMITTED, CLOCK);
            if (damage.equals("gone")) {
                Files.delete(card);
            } else {
                Files.writeString(card, damage);
            }
            assertThat(store.find(id)).isEmpty();
            assertThat(store.inventory(Optional.empty(), 10).items())
                    .containsExactly(new InventoryPage.Item(id, 1, false));
            assertThat(store.quarantine(id, "because")).isTrue();
            assertThat(store.inventory(Optional.empty(), 10).items()).isEmpty();
            assertThat(store.space()).extracting(Space::blobs, Space::usedBytes).containsExactly(0L, 0L);
        }
    }

    @Test
    void theInventorySetsStrangersAside() throws IOException {
        var misplaced = new BlobId("01KJMZ2M00ABCDEFGHJKMNPQZZ");
        Samples.land(store, id, Samples.bytes("x"), Stage.COMMITTED, CLOCK);
        Files.writeString(folder.resolve("blobs/RS/notes.txt"), "a person's");
        Files.writeString(folder.resolve("blobs/RS/" + misplaced), "in another's folder");
        InventoryPage page = store.inventory(Optional.empty(), 10);
        assertThat(page.items()).containsExactly(new InventoryPage.Item(id, 1, true));
        assertThat(page.strangers()).containsExactlyInAnyOrder("notes.txt", misplaced.value());
        assertThat(store.inventory(Optional.empty(), 10).strangers()).isEmpty();
        assertThat(store.quarantine().count()).isEqualTo(2);
        assertThat(folder.resolve("quarantine/notes.txt.reason")).content().contains("It lay among the blobs");
    }

    @Test
    void quarantineEndsWhenItsTimeIsOverAndCountsFromItsBeginning() throws IOException {
        Samples.land(store, id, Samples.bytes("x"), Stage.COMMITTED, CLOCK);
        Instant longAgo = Instant.parse("2020-01-01T00:00:00Z");
        Files.setLastModifiedTime(folder.resolve("blobs/RS/" + id), FileTime.from(longAgo));
        store.quarantine(id, "because");
        assertThat(store.quarantine().removeOlderThan(longAgo.plusSeconds(1))).isZero();
        Files.setLastModifiedTime(folder.resolve("quarantine/" + id + ".reason"), FileTime.from(longAgo));
        assertThat(store.quarantine().removeOlderThan(longAgo)).isZero();
        assertThat(store.quarantine().removeOlderThan(longAgo.plusSeconds(1))).isOne();
        assertThat(files()).isEmpty();
    }

    @Test
    void aTruncatedBlobIsNotWhole() throws IOException {
        Samples.land(store, id, Samples.bytes("twelve bytes"), Stage.COMMITTED, CLOCK);
        Files.writeString(folder.resolve("blobs/RS/" + id), "twelve");
        var found = store.find(id).orElseThrow();
        assertThat(found.isWhole()).isFalse();
        assertThat(found.matches(Samples.facts(id, Samples.bytes("twelve bytes"))))
                .isFalse();
    }

    @Test
    void theReserveIsNeverTouched() {
        var greedy = FileBlobStore.open(new StoreConfig(folder, Long.MAX_VALUE));
        assertThat(greedy.space().freeBytes()).isZero();
        assertThatThrownBy(() -> greedy.receive(BlobFacts.UNKNOWN_SIZE).close())
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.FULL));
    }

    @Test
    void theProbeNoticesADiskThatTakesNothing() throws IOException {
        store.probe();
        assertThat(files()).isEmpty();
        Files.delete(folder.resolve("incoming"));
        assertThatThrownBy(store::probe).isInstanceOf(HoldfastException.class);
    }
}
