package org.holdfast.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.InventoryPage;
import org.junit.jupiter.api.Test;

/** What every {@link BlobStore} promises. */
interface BlobStoreContract {
    SettableClock CLOCK = new SettableClock();

    /** A fresh, empty store. */
    BlobStore testee();

    private static byte[] readAll(BlobStore store, BlobId id) {
        try (var content = store.open(id).orElseThrow()) {
            var all = new ByteArrayOutputStream();
            var buffer = new byte[7];
            for (int read = content.read(0, buffer); read > 0; read = content.read(all.size(), buffer)) {
                all.write(buffer, 0, read);
            }
            return all.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertKind(FailureKind kind, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    default void aLandedBlobComesBackBitForBit() {
        var store = testee();
        var id = BlobId.next(CLOCK);
        byte[] bytes = Samples.random(100_000);
        assertThat(Samples.land(store, id, bytes, Stage.UNCOMMITTED, CLOCK)).isEqualTo(Reception.Landed.NEW);
        assertThat(readAll(store, id)).isEqualTo(bytes);
        var found = store.find(id).orElseThrow();
        assertThat(found.sidecar()).isEqualTo(Samples.sidecar(id, bytes, CLOCK));
        assertThat(found.stage()).isEqualTo(Stage.UNCOMMITTED);
        assertThat(found.matches(Samples.facts(id, bytes))).isTrue();
        assertThat(found.matches(Samples.facts(id, Samples.random(100_001)))).isFalse();
    }

    @Test
    default void anEmptyBlobIsABlob() {
        var store = testee();
        var id = BlobId.next(CLOCK);
        Samples.land(store, id, new byte[0], Stage.COMMITTED, CLOCK);
        assertThat(readAll(store, id)).isEmpty();
        assertThat(store.space().blobs()).isOne();
    }

    @Test
    default void nothingIsSeenOfBytesThatDidNotLand() {
        var store = testee();
        try (var reception = store.receive(BlobFacts.UNKNOWN_SIZE)) {
            reception.write(Samples.random(1000), 1000);
        }
        assertThat(store.uncommitted(10)).isEmpty();
        assertThat(store.space().blobs()).isZero();
        assertThat(store.space().usedBytes()).isZero();
    }

    @Test
    default void landingTheSameAgainChangesNothing() {
        var store = testee();
        var id = BlobId.next(CLOCK);
        byte[] bytes = Samples.bytes("the same");
        Samples.land(store, id, bytes, Stage.COMMITTED, CLOCK);
        assertThat(Samples.land(store, id, bytes, Stage.UNCOMMITTED, CLOCK)).isEqualTo(Reception.Landed.ALREADY);
        assertThat(store.find(id).orElseThrow().stage()).isEqualTo(Stage.COMMITTED);
        assertThat(store.space().usedBytes()).isEqualTo(bytes.length);
    }

    @Test
    default void otherBytesUnderTheSameIdAreRefused() {
        var store = testee();
        var id = BlobId.next(CLOCK);
        Samples.land(store, id, Samples.bytes("first"), Stage.UNCOMMITTED, CLOCK);
        assertKind(
                FailureKind.CONFLICT, () -> Samples.land(store, id, Samples.bytes("other"), Stage.UNCOMMITTED, CLOCK));
        assertThat(readAll(store, id)).isEqualTo(Samples.bytes("first"));
    }

    @Test
    default void ofManyLandingsAtOnceExactlyOneIsNew() throws Exception {
        var store = testee();
        var id = BlobId.next(CLOCK);
        int threads = 8;
        var barrier = new CyclicBarrier(threads);
        var pool = Executors.newFixedThreadPool(threads);
        try {
            var tasks = IntStream.range(0, threads)
                    .mapToObj(i -> (Callable<Reception.Landed>) () -> {
                        barrier.await();
                        return Samples.land(store, id, Samples.random(5000), Stage.UNCOMMITTED, CLOCK);
                    })
                    .toList();
            int fresh = 0;
            for (var landed : pool.invokeAll(tasks)) {
                fresh += landed.get() == Reception.Landed.NEW ? 1 : 0;
            }
            assertThat(fresh).isOne();
            assertThat(store.space().usedBytes()).isEqualTo(5000);
            assertThat(readAll(store, id)).isEqualTo(Samples.random(5000));
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    default void promotionMovesABlobOnAndMayBeRepeated() {
        var store = testee();
        var id = BlobId.next(CLOCK);
        Samples.land(store, id, Samples.bytes("x"), Stage.UNCOMMITTED, CLOCK);
        assertThat(store.uncommitted(10)).hasSize(1);
        store.promote(id);
        store.promote(id);
        assertThat(store.uncommitted(10)).isEmpty();
        assertThat(store.find(id).orElseThrow().stage()).isEqualTo(Stage.COMMITTED);
        assertThat(readAll(store, id)).isEqualTo(Samples.bytes("x"));
        assertThat(store.space().blobs()).isOne();
    }

    @Test
    default void whatIsNotThereCantBePromoted() {
        assertKind(FailureKind.NOT_FOUND, () -> testee().promote(BlobId.next(CLOCK)));
    }

    @Test
    default void aRemovedBlobIsGoneAndCountedOut() {
        var store = testee();
        var id = BlobId.next(CLOCK);
        Samples.land(store, id, Samples.bytes("x"), Stage.COMMITTED, CLOCK);
        assertThat(store.remove(id)).isTrue();
        assertThat(store.remove(id)).isFalse();
        assertThat(store.open(id)).isEmpty();
        assertThat(store.find(id)).isEmpty();
        assertThat(store.space().usedBytes()).isZero();
    }

    @Test
    default void onlyAnUncommittedBlobIsWithdrawn() {
        var store = testee();
        var id = BlobId.next(CLOCK);
        assertThat(store.withdraw(id)).isFalse();
        Samples.land(store, id, Samples.bytes("x"), Stage.UNCOMMITTED, CLOCK);
        assertThat(store.withdraw(id)).isTrue();
        assertThat(store.find(id)).isEmpty();
        Samples.land(store, id, Samples.bytes("x"), Stage.COMMITTED, CLOCK);
        assertThat(store.withdraw(id)).isFalse();
        assertThat(store.find(id)).isPresent();
    }

    @Test
    default void anOpenBlobStaysReadableWhileItIsMovedAndRemoved() throws IOException {
        var store = testee();
        var id = BlobId.next(CLOCK);
        Samples.land(store, id, Samples.bytes("still here"), Stage.UNCOMMITTED, CLOCK);
        try (var content = store.open(id).orElseThrow()) {
            store.promote(id);
            store.remove(id);
            var buffer = new byte[10];
            assertThat(content.read(0, buffer)).isEqualTo(10);
            assertThat(buffer).isEqualTo(Samples.bytes("still here"));
            assertThat(content.read(10, buffer)).isEqualTo(-1);
        }
    }

    @Test
    default void aBlobInQuarantineIsNotServed() {
        var store = testee();
        var id = BlobId.next(CLOCK);
        Samples.land(store, id, Samples.bytes("x"), Stage.COMMITTED, CLOCK);
        assertThat(store.quarantine(id, "because")).isTrue();
        assertThat(store.quarantine(id, "because")).isFalse();
        assertThat(store.find(id)).isEmpty();
        assertThat(store.open(id)).isEmpty();
        assertThat(store.space().blobs()).isZero();
    }

    @Test
    default void theListOfUncommittedBlobsKeepsItsLimit() {
        var store = testee();
        for (int i = 0; i < 5; i++) {
            Samples.land(store, BlobId.next(CLOCK), Samples.bytes("x" + i), Stage.UNCOMMITTED, CLOCK);
        }
        assertThat(store.uncommitted(3)).hasSize(3);
        assertThat(store.uncommitted(10)).hasSize(5);
    }

    @Test
    default void theInventoryNamesEveryCommittedBlobOncePageByPage() {
        var store = testee();
        var expected = new HashSet<InventoryPage.Item>();
        for (int i = 0; i < 25; i++) {
            var id = BlobId.next(CLOCK);
            Samples.land(store, id, Samples.random(i), Stage.COMMITTED, CLOCK);
            expected.add(new InventoryPage.Item(id, i, true));
        }
        Samples.land(store, BlobId.next(CLOCK), Samples.bytes("x"), Stage.UNCOMMITTED, CLOCK);
        var found = new ArrayList<InventoryPage.Item>();
        Optional<BlobId> after = Optional.empty();
        do {
            InventoryPage page = store.inventory(after, 7);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(7);
            found.addAll(page.items());
            after = page.next();
        } while (after.isPresent());
        assertThat(found).hasSize(25).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    default void moreThanThereIsRoomForIsRefusedBeforeAByteIsTaken() {
        assertKind(FailureKind.FULL, () -> testee().receive(Long.MAX_VALUE).close());
    }
}
