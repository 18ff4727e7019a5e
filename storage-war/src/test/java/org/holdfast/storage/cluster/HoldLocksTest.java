package org.holdfast.storage.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Digests;
import org.holdfast.contract.JoinReply;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.WriteLock;
import org.holdfast.storage.store.Samples;
import org.holdfast.storage.store.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells masters of the locks of its uploads, and when. */
class HoldLocksTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final FakeMaster master = new FakeMaster(Samples.KEYS, clock);
    private final AtomicLong nanos = new AtomicLong();

    @AfterEach
    void stop() {
        master.close();
    }

    private HoldLocks locks() throws IOException {
        var membership = new Membership(
                new NodeIdentity("sn1", "http://127.0.0.1:1", "http://127.0.0.1:1", "z", "h"),
                folder.resolve("node.json"),
                clock);
        membership.welcome(new JoinReply(Samples.KEYS.lines(), List.of("http://127.0.0.1:1", master.url())));
        return new HoldLocks(membership, nanos::get);
    }

    private void forward(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private Ticket ticket(Ticket.Operation operation, long token) {
        var blob = new BlobFacts(BlobId.next(clock), BlobFacts.UNKNOWN_SIZE, Digests.NONE);
        Ticket plain = Samples.ticket(operation, blob, clock);
        var lock = Optional.of(new WriteLock(token, Duration.ofSeconds(30), "proof"));
        return new Ticket(
                operation,
                plain.blob(),
                plain.address(),
                plain.contentType(),
                plain.expiresAt(),
                plain.terms().map(terms -> terms.under(lock)));
    }

    private static String told(String renew, String release) {
        return "POST /internal/v1/locks {\"renew\":[" + held(renew) + "],\"release\":[" + held(release) + "]}";
    }

    private static String held(String token) {
        return token.isEmpty() ? "" : "{\"token\":" + token + ",\"proof\":\"proof\"}";
    }

    @Test
    void aThirdOfTheLeaseGoesByBetweenTwoRenewals() throws Exception {
        HoldLocks locks = locks();
        try (var hold = locks.begin(ticket(Ticket.Operation.PUT, 7))) {
            hold.flows(100);
            forward(9);
            locks.beat();
            assertThat(master.requests()).isEmpty();
            forward(1);
            locks.beat();
            locks.beat();
            assertThat(master.requests()).containsExactly(told("7", ""));
            hold.flows(100);
            forward(10);
            locks.beat();
            assertThat(master.requests()).containsExactly(told("7", ""), told("7", ""));
            hold.settled();
        }
        forward(100);
        locks.beat();
        assertThat(master.requests()).hasSize(2);
    }

    @Test
    void manyAreRenewedByOneCall() throws Exception {
        HoldLocks locks = locks();
        for (int token = 1; token <= 500; token++) {
            locks.begin(ticket(Ticket.Operation.LAND, token)).flows(1);
        }
        forward(10);
        locks.beat();
        assertThat(master.requests()).hasSize(1);
        assertThat(master.requests().get(0)).contains("{\"token\":500,");
    }

    @Test
    void aRenewalThatNoMasterHeardIsRepeatedWithTheNextBeat() throws Exception {
        HoldLocks locks = locks();
        master.refuseLocks(true);
        try (var hold = locks.begin(ticket(Ticket.Operation.PUT, 7))) {
            hold.flows(100);
            forward(10);
            locks.beat();
            master.refuseLocks(false);
            forward(1);
            locks.beat();
            forward(1);
            locks.beat();
            assertThat(master.requests()).hasSize(2);
            hold.settled();
        }
    }

    @Test
    void whoseSenderIsSilentIsNotRenewedUntilBytesFlowAgainOrAllAreHere() throws Exception {
        HoldLocks locks = locks();
        try (var hold = locks.begin(ticket(Ticket.Operation.PUT, 7))) {
            forward(100);
            locks.beat();
            assertThat(master.requests()).isEmpty();
            hold.flows(1);
            locks.beat();
            assertThat(master.requests()).hasSize(1);
            forward(100);
            locks.beat();
            assertThat(master.requests()).hasSize(1);
            hold.flows(-1);
            locks.beat();
            forward(10);
            locks.beat();
            assertThat(master.requests()).hasSize(3);
            hold.settled();
        }
    }

    @Test
    void anUploadThatFailsLetsGoOfItsLockAtOnce() throws Exception {
        HoldLocks locks = locks();
        locks.begin(ticket(Ticket.Operation.PUT, 7)).close();
        assertThat(master.requests()).containsExactly(told("", "7"));
    }

    @Test
    void whatTheSenderCommitsTheSenderLetsGoOf() throws Exception {
        locks().begin(ticket(Ticket.Operation.LAND, 7)).close();
        assertThat(master.requests()).isEmpty();
    }

    @Test
    void aLockOfTwoTriesIsKeptUntilTheLastHasEnded() throws Exception {
        HoldLocks locks = locks();
        var first = locks.begin(ticket(Ticket.Operation.PUT, 7));
        var second = locks.begin(ticket(Ticket.Operation.PUT, 7));
        first.close();
        assertThat(master.requests()).isEmpty();
        second.close();
        assertThat(master.requests()).containsExactly(told("", "7"));
    }

    @Test
    void aTicketWithoutALockIsNobodysBusiness() throws Exception {
        HoldLocks locks = locks();
        try (var hold = locks.begin(Samples.put(BlobId.next(clock), clock))) {
            hold.flows(1);
            forward(100);
            locks.beat();
        }
        assertThat(master.requests()).isEmpty();
    }

    @Test
    void whileNoMasterAnswersNothingBreaks() throws Exception {
        HoldLocks locks = locks();
        master.close();
        var hold = locks.begin(ticket(Ticket.Operation.PUT, 7));
        hold.flows(1);
        forward(10);
        locks.beat();
        hold.close();
    }
}
