package org.holdfast.storage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Digests;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinReply;
import org.holdfast.contract.Landing;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.TaskMessage.Member;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.store.DigestPool;
import org.holdfast.storage.store.MemoryBlobStore;
import org.holdfast.storage.store.ReceiveBlob;
import org.holdfast.storage.store.Samples;
import org.holdfast.storage.store.SettableClock;
import org.holdfast.storage.store.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an upload's further copies while partners fail in every way they can. */
class ForwardUploadsTest {
    /** For partners that do what they can on a busy machine. */
    private static final Duration LONG = Duration.ofMinutes(1);

    /** For a test with a partner that takes nothing, beside others that do. */
    private static final Duration SHORT = Duration.ofSeconds(4);

    private static final Member NOBODY = new Member("nobody", "http://127.0.0.1:1");
    /** More than the buffers of a connection that nobody reads from. */
    private static final byte[] BODY = Samples.random(20_000_000);

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final FakePartner one = new FakePartner("one", clock);
    private final FakePartner two = new FakePartner("two", clock);
    private final FakePartner three = new FakePartner("three", clock);
    private final MemoryBlobStore store = new MemoryBlobStore();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ReceiveBlob receive = new ReceiveBlob(store, new DigestPool(threads, 4), clock);
    private final BlobId id = BlobId.next(clock);

    @SuppressWarnings("NullAway.Init") // made before each test
    private ForwardUploads forward;

    @BeforeEach
    void join() throws IOException {
        join(LONG);
    }

    private void join(Duration stall) throws IOException {
        var membership = new Membership(
                new NodeIdentity("sn1", "http://127.0.0.1:2", "http://127.0.0.1:2", "z", "h"),
                folder.resolve("node.json"),
                clock);
        membership.welcome(new JoinReply(Samples.KEYS.lines(), List.of()));
        forward = new ForwardUploads(membership, store, new ForwardUploads.Patience(LONG, stall, LONG));
    }

    @AfterEach
    void stop() {
        List.of(one, two, three).forEach(FakePartner::close);
        threads.shutdownNow();
    }

    private ReceiveBlob.Upload upload(int durability, long lengthBytes, Member... partners) {
        Ticket put = Samples.put(id, clock);
        PutTerms terms = put.terms().orElseThrow().with(durability, List.of(partners));
        var ticket = new Ticket(
                put.operation(),
                put.blob(),
                put.address(),
                put.contentType(),
                put.expiresAt(),
                java.util.Optional.of(terms));
        return new ReceiveBlob.Upload(ticket, lengthBytes, Digests.NONE);
    }

    private Forwarding begin(ReceiveBlob.Upload upload) {
        return forward.begin(upload, Samples.sealed(upload.ticket(), clock));
    }

    private Landing land(ReceiveBlob.Upload upload, InputStream body) {
        try (var forwarding = begin(upload)) {
            return forwarding.complete(receive.receive(forwarding.tee(body), upload));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Landing land(int durability, byte[] body, Member... partners) {
        return land(upload(durability, body.length, partners), new ByteArrayInputStream(body));
    }

    private static void assertUnmet(int reached, ThrowingCallable landing) {
        assertThatThrownBy(landing).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.code()).isEqualTo("durability-unmet");
            assertThat(e.sentence()).contains("only " + reached);
        });
    }

    @Test
    void aBodyThatItsQuotaHasNoRoomForIsLeftNowhere() {
        Ticket bounded = Samples.upTo(
                BODY.length - 1, upload(2, BlobFacts.UNKNOWN_SIZE, one.member()).ticket());
        var upload = new ReceiveBlob.Upload(bounded, BlobFacts.UNKNOWN_SIZE, Digests.NONE);
        assertThatThrownBy(() -> land(upload, new ByteArrayInputStream(BODY)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("quota-exceeded"));
        assertThat(store.find(id)).isEmpty();
        assertThat(one.isEmpty()).isTrue();
        assertThat(one.shown().remove().terms().orElseThrow().mostBytes()).contains(BODY.length - 1L);
    }

    @Test
    void everyPartnerHasTheBytesBeforeTheyCountAsLanded() {
        Landing landing = land(3, BODY, one.member(), two.member(), three.member());
        assertThat(landing.nodes()).containsExactly("sn1", "one", "two");
        assertThat(landing.blob()).isEqualTo(Samples.facts(id, BODY));
        assertThat(one.landed(id.value())).isEqualTo(BODY);
        assertThat(two.landed(id.value())).isEqualTo(BODY);
        assertThat(three.isEmpty()).isTrue();
        assertThat(store.find(id).orElseThrow().stage()).isEqualTo(Stage.UNCOMMITTED);
        // A partner neither commits nor forwards, and keeps its copy long enough for a slow put to be committed.
        Ticket shown = one.shown().remove();
        assertThat(shown.operation()).isEqualTo(Ticket.Operation.LAND);
        assertThat(shown.blob().id()).isEqualTo(id);
        assertThat(shown.terms().orElseThrow().durability()).isEqualTo(1);
        assertThat(shown.terms().orElseThrow().partners()).isEmpty();
        assertThat(shown.expiresAt()).isAfter(clock.instant().plus(Duration.ofHours(12)));
    }

    @Test
    void bytesOfUnknownLengthGoToPartnersToo() {
        var upload = upload(2, BlobFacts.UNKNOWN_SIZE, one.member());
        assertThat(land(upload, new ByteArrayInputStream(BODY)).nodes()).containsExactly("sn1", "one");
        assertThat(one.landed(id.value())).isEqualTo(BODY);
    }

    @Test
    void oneCopyNeedsNoPartner() {
        assertThat(land(1, BODY, one.member()).nodes()).containsExactly("sn1");
        assertThat(one.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = FakePartner.Mood.class,
            names = {"FULL", "FROZEN", "MAD"})
    void aPartnerThatFailsIsReplacedByAnotherFromThisDisk(FakePartner.Mood mood) throws IOException {
        join(mood == FakePartner.Mood.FROZEN ? SHORT : LONG);
        one.feels(mood);
        Landing landing = land(2, BODY, NOBODY, one.member(), two.member());
        assertThat(landing.nodes()).containsExactly("sn1", "two");
        assertThat(two.landed(id.value())).isEqualTo(BODY);
    }

    @Test
    void aDurabilityThatCantBeMetLeavesNothing() throws IOException {
        join(SHORT);
        two.feels(FakePartner.Mood.FULL);
        three.feels(FakePartner.Mood.FROZEN);
        assertUnmet(2, () -> land(3, BODY, one.member(), two.member(), three.member()));
        assertThat(store.find(id)).isEmpty();
        assertThat(one.isEmpty()).isTrue();
        assertThat(one.withdrawn()).containsExactly("LAND /internal/v1/blobs/" + id);
    }

    @Test
    void withoutEnoughPartnersNoByteIsRead() {
        assertUnmet(2, () -> land(upload(3, 10, NOBODY, one.member()), new Broken()));
        assertThat(one.isEmpty()).isTrue();
    }

    /** An earlier try of the same put may have been committed without the client hearing of it. */
    @Test
    void whatWasThereBeforeIsNotTakenBack() {
        one.has(id.value(), BODY);
        two.feels(FakePartner.Mood.FULL);
        Samples.land(store, id, BODY, Stage.UNCOMMITTED, clock);
        assertUnmet(2, () -> land(3, BODY, one.member(), two.member(), NOBODY));
        assertThat(one.landed(id.value())).isEqualTo(BODY);
        assertThat(one.withdrawn()).isEmpty();
        assertThat(store.find(id)).isPresent();
    }

    @Test
    void aBodyThatBreaksOffLandsNowhere() {
        var upload = upload(2, BlobFacts.UNKNOWN_SIZE, one.member());
        assertThatThrownBy(() -> {
                    try (var forwarding = begin(upload)) {
                        var body = new SequenceInputStream(new ByteArrayInputStream(BODY), new Broken());
                        receive.receive(forwarding.tee(body), upload);
                    }
                })
                .isInstanceOf(IOException.class);
        // The partner hears of no end, so it lands nothing; and it can take the same blob at once.
        assertThat(land(2, BODY, one.member()).nodes()).containsExactly("sn1", "one");
        assertThat(one.landed(id.value())).isEqualTo(BODY);
        assertThat(one.withdrawn()).isEmpty();
    }

    @Test
    void bytesThatLandThereButNotHereAreTakenBack() {
        store.setFull(true);
        assertThatThrownBy(() -> land(2, Samples.bytes("small"), one.member())).isInstanceOf(HoldfastException.class);
        store.setFull(false);
        var lies = new ReceiveBlob.Upload(
                upload(2, BODY.length, one.member()).ticket(), BODY.length, Samples.digests(Samples.bytes("other")));
        assertThatThrownBy(() -> land(lies, new ByteArrayInputStream(BODY)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("digest-mismatch"));
        assertThat(one.withdrawn()).hasSize(1);
        assertThat(one.isEmpty()).isTrue();
        assertThat(one.told()).contains(Samples.digests(Samples.bytes("other")).reprDigest());
    }

    @Test
    void oneRequestAtATimeBringsABlob() {
        var upload = upload(2, BODY.length, one.member());
        try (var first = begin(upload)) {
            assertThatThrownBy(() -> begin(upload))
                    .isInstanceOfSatisfying(
                            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("busy"));
            assertThat(first.tee(InputStream.nullInputStream())).isNotNull();
        }
        assertThat(land(upload, new ByteArrayInputStream(BODY)).nodes()).hasSize(2);
    }

    /** Fails at the first look. */
    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the client is gone");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
        }
    }
}
