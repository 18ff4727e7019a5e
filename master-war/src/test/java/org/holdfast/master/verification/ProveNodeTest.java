package org.holdfast.master.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.holdfast.contract.BlobFacts;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeMustProve;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProveNodeTest {
    @RegisterExtension
    final TestMaster master = new TestMaster().whereNodesProveThemselves();

    private CheckLab lab;

    @BeforeEach
    void open() throws Exception {
        lab = new CheckLab(master);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void mustProve() {
        master.get(ProveNode.class).onProof(new NodeMustProve(lab.sn1().id()));
    }

    private void returns() {
        lab.turn(NodeStatus.DOWN);
        lab.turn(NodeStatus.VERIFYING);
        mustProve();
    }

    @Test
    void aNodeThatHasProvedWhatItHoldsRuns() throws Exception {
        lab.file("a");
        returns();
        assertThat(lab.sn1().condition().status()).isEqualTo(NodeStatus.RUNNING);
    }

    @Test
    void aNodeWithABadCopyFailsAndSaysWhy() throws Exception {
        BlobFacts blob = lab.file("a");
        lab.disk().rot(blob);
        returns();
        assertThat(lab.sn1().condition().status()).isEqualTo(NodeStatus.FAILED);
        assertThat(lab.sn1().condition().seen().reason().orElseThrow())
                .contains(blob.id().value());
    }

    @Test
    void aNodeThatWentAwayDuringItsProofIsLeftAsItIs() throws Exception {
        BlobFacts blob = lab.file("a");
        lab.disk().rot(blob);
        lab.disk().beforeAnswer(challenge -> lab.turn(NodeStatus.DOWN));
        returns();
        assertThat(lab.sn1().condition().status()).isEqualTo(NodeStatus.DOWN);
        assertThat(lab.copy(blob)).isEqualTo("VERIFIED");
        assertThat(lab.check("state")).isEqualTo("INTERRUPTED");
    }

    @Test
    void aNodeThatAnswersHeartbeatsButNotItsProofIsAskedAgainUntilItDoes() throws Exception {
        lab.file("a");
        lab.disk().failNext(Rounds.MAX_TRIES);
        returns();
        assertThat(lab.sn1().condition().status()).isEqualTo(NodeStatus.RUNNING);
        assertThat(master.rows("SELECT state FROM copy_check ORDER BY id"))
                .containsExactlyInAnyOrder("INTERRUPTED", "PASSED");
        assertThat(master.rows("SELECT was, becomes, detail FROM node_event WHERE kind = 'STATUS' ORDER BY id"))
                .hasSize(2)
                .first(InstanceOfAssertFactories.STRING)
                .startsWith("VERIFYING VERIFYING The check was interrupted");
    }

    /** As a master does that is too busy to renew its lease in time, where no other one takes it. */
    @Test
    void aLeaderThatWasLateToRenewItsLeaseProvesOn() throws Exception {
        lab.file("a");
        var asked = new AtomicInteger();
        lab.disk().beforeAnswer(challenge -> {
            if (asked.incrementAndGet() == 1) {
                master.clock().forward(Leadership.EVERY.multipliedBy(10));
            }
        });
        CompletableFuture<Boolean> renewed = CompletableFuture.supplyAsync(() -> {
            await().ignoreExceptions().until(() -> lab.check("state").equals("INTERRUPTED"));
            return master.get(Leadership.class).seek();
        });
        CompletableFuture.runAsync(this::returns).get(1, TimeUnit.MINUTES);
        assertThat(renewed).isCompletedWithValue(true);
        assertThat(lab.sn1().condition().status()).isEqualTo(NodeStatus.RUNNING);
    }

    @Test
    void onlyTheFirstInterruptedProofIsBegunAgainAtOnce() {
        assertThat(IntStream.of(0, 1, 2, 3, 4, 7, 8, 1_000)
                        .mapToObj(unfinished -> ProveNode.pauseAfter(unfinished).toSeconds()))
                .containsExactly(0L, 0L, 1L, 2L, 4L, 32L, 60L, 60L);
    }

    @Test
    void aProofThatIsToBeGivenAgainSilencesTheOneThatIsUnderWay() throws Exception {
        BlobFacts blob = lab.file("a");
        lab.disk().rot(blob);
        var asked = new AtomicInteger();
        lab.disk().beforeAnswer(challenge -> {
            if (asked.incrementAndGet() == 1) {
                // Mended and put back while the first is still being answered.
                lab.disk().keep(blob);
                mustProve();
                lab.disk().rot(blob);
            }
        });
        returns();
        assertThat(lab.sn1().condition().status()).isEqualTo(NodeStatus.RUNNING);
        assertThat(master.rows("SELECT state FROM copy_check ORDER BY id")).containsOnlyOnce("PASSED");
    }
}
