package org.holdfast.storage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinReply;
import org.holdfast.contract.Landing;
import org.holdfast.storage.cluster.FakeMaster.Prepared;
import org.holdfast.storage.store.MemoryBlobStore;
import org.holdfast.storage.store.Reception;
import org.holdfast.storage.store.Samples;
import org.holdfast.storage.store.SettableClock;
import org.holdfast.storage.store.Stage;
import org.holdfast.storage.store.StoredBlob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a landed blob, by what a master says and when. */
class CommitUploadTest {
    private static final CommitUpload.Patience LONG =
            new CommitUpload.Patience(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofMillis(10));

    private static final CommitUpload.Patience SHORT =
            new CommitUpload.Patience(Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofMillis(10));

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final FakeMaster master = new FakeMaster(Samples.KEYS, clock);
    private final MemoryBlobStore store = new MemoryBlobStore();
    private final Undecided undecided = new Undecided();
    private final BlobId id = BlobId.next(clock);
    private final byte[] bytes = Samples.bytes("landed");
    private final BlobFacts facts = Samples.facts(id, bytes);
    private final String ticket = Samples.sealed(Samples.put(id, clock), clock);

    @BeforeEach
    void land() {
        Samples.land(store, id, bytes, Stage.UNCOMMITTED, clock);
    }

    @AfterEach
    void stop() {
        master.close();
    }

    private Membership membership(String... masters) {
        var membership = new Membership(
                new NodeIdentity("sn1", "http://127.0.0.1:1", "http://127.0.0.1:1", "z", "h"),
                folder.resolve("node.json"),
                clock);
        try {
            membership.welcome(new JoinReply(Samples.KEYS.lines(), List.of(masters)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return membership;
    }

    private ClusterCall.Answer commit() {
        return commit(LONG);
    }

    private ClusterCall.Answer commit(CommitUpload.Patience patience) {
        return commit(patience, Reception.Landed.NEW, "http://127.0.0.1:1", master.url());
    }

    private ClusterCall.Answer commit(CommitUpload.Patience patience, Reception.Landed landed, String... masters) {
        return new CommitUpload(membership(masters), store, undecided, patience)
                .commit(ticket, new Landing("sn1", facts), landed)
                .answer();
    }

    private void resolve() {
        new ResolveUncommitted(membership(master.url()), store, undecided, Duration.ofMinutes(1), clock).run();
    }

    private Optional<Stage> stage() {
        return store.find(id).map(StoredBlob::stage);
    }

    @Test
    void aYesCommitsTheBlob() {
        assertThat(commit().status()).isEqualTo(201);
        assertThat(stage()).contains(Stage.COMMITTED);
    }

    @Test
    void askedAgainTheAnswerIsTheSame() {
        assertThat(commit()).isEqualTo(commit());
        assertThat(stage()).contains(Stage.COMMITTED);
    }

    @Test
    void aRefusalRemovesTheBlobAndReachesTheClientUnchanged() {
        master.answerNextCommits(Prepared.problem(412, "precondition-failed"));
        var answer = commit();
        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.body()).contains("precondition-failed");
        assertThat(stage()).isEmpty();
    }

    /** None of these is a word about the client's upload. */
    @ParameterizedTest
    @CsvSource({"503,unavailable", "401,cluster-signature-required", "429,busy"})
    void troubleIsTriedAgainUntilAMasterDecides(int status, String code) {
        master.answerNextCommits(Prepared.problem(status, code), Prepared.problem(status, code));
        assertThat(commit().status()).isEqualTo(201);
        assertThat(stage()).contains(Stage.COMMITTED);
    }

    @Test
    void aDefectIsToldAsOneAndNotTriedAgainAsIfNobodyHadAnswered() {
        master.answerNextCommits(Prepared.problem(500, "bug"), Prepared.problem(500, "bug"));
        assertThatThrownBy(this::commit)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.BUG));
        assertThat(master.requests()).hasSize(1);
        assertThat(stage()).contains(Stage.UNCOMMITTED);
    }

    @Test
    void anotherMasterMayDoBetterThanOneWithADefect() {
        try (var other = new FakeMaster(Samples.KEYS, clock)) {
            other.answerNextCommits(Prepared.problem(500, "bug"));
            assertThat(commit(LONG, Reception.Landed.NEW, other.url(), master.url())
                            .status())
                    .isEqualTo(201);
        }
    }

    @Test
    void aRefusalTakesNoCommittedBlobAway() {
        assertThat(commit().status()).isEqualTo(201);
        master.answerNextCommits(Prepared.problem(404, "not-found"));
        assertThat(commit().status()).isEqualTo(404);
        assertThat(stage()).contains(Stage.COMMITTED);
    }

    /** The earlier try may be in the catalog; only a master's word on that decides. */
    @Test
    void aRefusalAfterAnEarlierTryLeavesTheBlobUndecided() {
        master.answerNextCommits(Prepared.problem(404, "not-found"));
        assertThat(commit(LONG, Reception.Landed.ALREADY, master.url()).status())
                .isEqualTo(404);
        assertThat(stage()).contains(Stage.UNCOMMITTED);
        master.answerNextCommits(Prepared.problem(503, "unavailable"), Prepared.problem(404, "not-found"));
        assertThat(commit().status()).isEqualTo(404);
        assertThat(stage()).contains(Stage.UNCOMMITTED);
    }

    @Test
    void whoMayPutNoLongerIsRefusedAtOnce() {
        master.answerNextCommits(Prepared.problem(403, "forbidden"));
        assertThat(commit().status()).isEqualTo(403);
        assertThat(stage()).isEmpty();
    }

    @Test
    void thePageOfABootingServerIsNoRefusal() {
        master.answerNextCommits(new Prepared(404, "", "<html>another answers</html>"));
        assertThat(commit().status()).isEqualTo(201);
    }

    @Test
    void withoutAnAnswerTheBlobStaysAndTheClientHearsSo() {
        master.close();
        assertThatThrownBy(() -> commit(SHORT))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        assertThat(stage()).contains(Stage.UNCOMMITTED);
    }

    @Test
    void nobodyElseDecidesMeanwhile() {
        undecided.alone(id, () -> {
            assertThatThrownBy(this::commit)
                    .isInstanceOfSatisfying(
                            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("busy"));
            clock.forward(Duration.ofHours(1));
            resolve();
            return id;
        });
        assertThat(stage()).contains(Stage.UNCOMMITTED);
    }

    @Test
    void aBlobThatAMasterKnowsIsPromotedAtOnce() {
        master.knows(id.value());
        resolve();
        assertThat(stage()).contains(Stage.COMMITTED);
    }

    @Test
    void anUnknownBlobIsKeptUntilNobodyCanCommitItAnyMore() {
        resolve();
        assertThat(stage()).contains(Stage.UNCOMMITTED);
        clock.forward(Duration.ofMinutes(16).minusMillis(1));
        resolve();
        assertThat(stage()).contains(Stage.UNCOMMITTED);
        clock.forward(Duration.ofMillis(1));
        resolve();
        assertThat(stage()).isEmpty();
        assertThat(store.quarantineReason(id))
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains("No master knows", "put as admin/dir/a file ü.txt by anna at 20"));
    }

    @Test
    void whileNoMasterAnswersNothingIsDecided() {
        master.close();
        clock.forward(Duration.ofHours(1));
        resolve();
        assertThat(stage()).contains(Stage.UNCOMMITTED);
    }
}
