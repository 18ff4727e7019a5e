package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.catalog.LockLab.at;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.Ticket;
import org.holdfast.master.account.Caller;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever changes a folder waits for the puts into it, and not for locks that people have asked for. */
class WaitForPutsTest {
    private static final long PATIENCE_SECONDS = 60;

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final LockLab lab = new LockLab(master);

    @BeforeEach
    void aFolder() {
        var unused = TestNodes.running(master, "sn1");
        assertThat(master.put("admin/f/there").version()).isOne();
    }

    private FileAddress move(String from, String to, CountDownLatch refused) {
        return WaitForPuts.retry(() -> {
            try {
                return master.get(MoveNames.class).move(master.admin(), at(from), at(to), OnConflict.FAIL);
            } finally {
                refused.countDown();
            }
        });
    }

    @Test
    void aMoveComesWhenThePutHasEnded() throws Exception {
        Ticket put = lab.ask(master.admin(), "admin/f/new");
        var refused = new CountDownLatch(2);
        var moved = CompletableFuture.supplyAsync(() -> move("admin/f", "admin/g", refused));
        assertThat(refused.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(moved).isNotDone();
        assertThat(lab.commit(put).version()).isOne();
        assertThat(moved.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(at("admin/g"));
        assertThat(master.get(FindNames.class).find(master.admin(), at("admin/g/new")))
                .isPresent();
    }

    @Test
    void aRemovalComesThenToo() throws Exception {
        Ticket put = lab.ask(master.admin(), "admin/f/new");
        var removed = CompletableFuture.runAsync(
                () -> master.get(RemoveTree.class).all(master.admin(), at("admin/f"), Conditions.NONE));
        assertThat(lab.commit(put).version()).isOne();
        removed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(master.rows("SELECT path FROM folder")).containsExactly("");
    }

    @Test
    void aLockThatSomebodyHasAskedForIsRefusedAtOnce() throws Exception {
        Caller bob = master.user("bob");
        master.get(ShareNames.class)
                .grant(master.admin(), at("admin/f"), "bob", org.holdfast.master.access.FileRole.EDITOR);
        Ticket put = lab.ask(master.admin(), "admin/f/a");
        assertThat(master.get(LockNames.class).lock(bob, at("admin/f/there"), Optional.of(Duration.ofHours(1))))
                .isNotNull();
        var tries = new AtomicInteger();
        assertRefused(
                FailureKind.LOCKED,
                "locked",
                () -> WaitForPuts.retry(() -> {
                    tries.incrementAndGet();
                    return master.get(MoveNames.class)
                            .move(master.admin(), at("admin/f"), at("admin/g"), OnConflict.FAIL);
                }));
        assertThat(tries).hasValue(1);
        lab.release(put);
    }
}
