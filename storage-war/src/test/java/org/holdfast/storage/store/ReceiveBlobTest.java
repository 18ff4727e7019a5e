package org.holdfast.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ticket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiveBlobTest {
    private final SettableClock clock = new SettableClock();
    private final MemoryBlobStore store = new MemoryBlobStore();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ReceiveBlob receive = new ReceiveBlob(store, new DigestPool(threads, 1), clock);
    private final BlobId id = BlobId.next(clock);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private ReceiveBlob.Upload upload(Ticket ticket, long lengthBytes, Digests told) {
        return new ReceiveBlob.Upload(ticket, lengthBytes, told);
    }

    private void assertRefused(FailureKind kind, String code, byte[] body, ReceiveBlob.Upload upload) {
        assertThatThrownBy(() -> receive.receive(new ByteArrayInputStream(body), upload))
                .isInstanceOfSatisfying(HoldfastException.class, e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    assertThat(e.code()).isEqualTo(code);
                });
        assertThat(store.find(id)).isEmpty();
        assertThat(store.openReceptions()).isZero();
    }

    /** Around the buffers' sizes, and with digests computed beside. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, 65_536, 262_144, 262_145, 5 << 20})
    void aBodyOfAnySizeLandsWithItsDigests(int size) throws IOException {
        byte[] body = Samples.random(size);
        for (long told : new long[] {size, BlobFacts.UNKNOWN_SIZE}) {
            var blob = BlobId.next(clock);
            var received = receive.receive(
                    new ByteArrayInputStream(body), upload(Samples.put(blob, clock), told, Digests.NONE));
            assertThat(received.facts()).isEqualTo(Samples.facts(blob, body));
            assertThat(store.find(blob).orElseThrow().matches(received.facts())).isTrue();
            assertThat(store.find(blob).orElseThrow().stage()).isEqualTo(Stage.UNCOMMITTED);
        }
    }

    @Test
    void aSecondLargeUploadIsDigestedInItsOwnThread() throws IOException {
        byte[] body = Samples.random(5 << 20);
        var other = BlobId.next(clock);
        InputStream outer = new ByteArrayInputStream(body) {
            private boolean begun;

            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                if (!begun) {
                    begun = true;
                    receiveWithin(other, body);
                }
                return super.read(buffer, offset, length);
            }
        };
        var received = receive.receive(outer, upload(Samples.put(id, clock), body.length, Digests.NONE));
        assertThat(received.facts()).isEqualTo(Samples.facts(id, body));
        assertThat(store.find(other).orElseThrow().sidecar().facts()).isEqualTo(Samples.facts(other, body));
    }

    private void receiveWithin(BlobId other, byte[] body) {
        try {
            receive.receive(
                    new ByteArrayInputStream(body), upload(Samples.put(other, clock), body.length, Digests.NONE));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void extraDigestsAreComputedWhenARequestTellsThem() throws IOException {
        byte[] body = Samples.bytes("abc");
        var told = new Digests(Map.of(DigestAlgorithm.SHA3_256, Samples.hex(DigestAlgorithm.SHA3_256, body)));
        var received = receive.receive(new ByteArrayInputStream(body), upload(Samples.put(id, clock), 3, told));
        assertThat(received.facts().digests().get(DigestAlgorithm.SHA3_256))
                .contains("3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
    }

    @Test
    void aReplicaIsCommittedAtOnce() throws IOException {
        byte[] body = Samples.bytes("abc");
        var ticket = Samples.ticket(Ticket.Operation.REPLICATE, Samples.facts(id, body), clock);
        receive.receive(new ByteArrayInputStream(body), upload(ticket, 3, Digests.NONE));
        assertThat(store.find(id).orElseThrow().stage()).isEqualTo(Stage.COMMITTED);
    }

    @Test
    void aWrongDigestOfTheTicketIsRefused() {
        var facts = new BlobFacts(id, 3, Samples.digests(Samples.bytes("abd")));
        var ticket = Samples.ticket(Ticket.Operation.REPLICATE, facts, clock);
        assertRefused(FailureKind.CORRUPT, "digest-mismatch", Samples.bytes("abc"), upload(ticket, 3, Digests.NONE));
    }

    @Test
    void aWrongDigestOfTheRequestIsRefused() {
        var told = Samples.digests(Samples.bytes("abd"));
        assertRefused(
                FailureKind.CORRUPT, "digest-mismatch", Samples.bytes("abc"), upload(Samples.put(id, clock), 3, told));
    }

    @Test
    void aShortBodyIsRefused() {
        assertRefused(
                FailureKind.INVALID,
                "size-mismatch",
                Samples.bytes("abc"),
                upload(Samples.put(id, clock), 4, Digests.NONE));
    }

    @Test
    void aLengthThatIsNotTheToldOneIsRefusedBeforeReading() {
        var ticket = Samples.ticket(Ticket.Operation.PUT, new BlobFacts(id, 5, Digests.NONE), clock);
        InputStream unread = new ThrowingStream(new AssertionError("read"));
        assertThatThrownBy(() -> receive.receive(unread, upload(ticket, 6, Digests.NONE)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.TOO_LARGE));
        assertThatThrownBy(() -> receive.receive(unread, upload(ticket, 4, Digests.NONE)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("size-mismatch"));
    }

    @Test
    void aChunkedBodyThatRunsOverIsRefused() {
        var ticket = Samples.ticket(Ticket.Operation.PUT, new BlobFacts(id, 5, Digests.NONE), clock);
        assertRefused(
                FailureKind.TOO_LARGE,
                "too-large",
                Samples.bytes("abcdef"),
                upload(ticket, BlobFacts.UNKNOWN_SIZE, Digests.NONE));
    }

    @Test
    void aBodyOfUnknownLengthStopsWhereTheQuotaEnds() throws IOException {
        var ticket = Samples.upTo(5, Samples.put(id, clock));
        assertRefused(
                FailureKind.TOO_LARGE,
                "quota-exceeded",
                Samples.bytes("abcdef"),
                upload(ticket, BlobFacts.UNKNOWN_SIZE, Digests.NONE));
        InputStream unread = new ThrowingStream(new AssertionError("read"));
        assertThatThrownBy(() -> receive.receive(unread, upload(ticket, 6, Digests.NONE)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("quota-exceeded"));
        byte[] body = Samples.bytes("abcde");
        var received =
                receive.receive(new ByteArrayInputStream(body), upload(ticket, BlobFacts.UNKNOWN_SIZE, Digests.NONE));
        assertThat(received.facts()).isEqualTo(Samples.facts(id, body));
    }

    @Test
    void aBrokenConnectionLeavesNothing() {
        InputStream breaking = new ThrowingStream(new IOException("reset"));
        assertThatThrownBy(() -> receive.receive(breaking, upload(Samples.put(id, clock), 9 << 20, Digests.NONE)))
                .isInstanceOf(IOException.class);
        assertThat(store.openReceptions()).isZero();
        assertThat(store.space().blobs()).isZero();
    }

    @Test
    void aFullStoreSaysSo() {
        store.setFull(true);
        assertRefused(FailureKind.FULL, "full", Samples.bytes("abc"), upload(Samples.put(id, clock), 3, Digests.NONE));
    }

    private static final class ThrowingStream extends InputStream {
        private final Throwable thrown;

        ThrowingStream(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (thrown instanceof IOException e) {
                throw e;
            }
            throw new AssertionError(thrown);
        }
    }
}
