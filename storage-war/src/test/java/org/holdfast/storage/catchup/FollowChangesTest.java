package org.holdfast.storage.catchup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.CaughtUp;
import org.holdfast.contract.ChangePage;
import org.holdfast.storage.cluster.Undecided;
import org.holdfast.storage.store.MemoryBlobStore;
import org.holdfast.storage.store.Samples;
import org.holdfast.storage.store.SettableClock;
import org.holdfast.storage.store.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowChangesTest {
    private static final int FIRST_THOUSAND = FollowChanges.PAGE;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final MemoryBlobStore store = new MemoryBlobStore();
    private final Undecided undecided = new Undecided();
    private final List<ChangePage.Change> log = new ArrayList<>();
    private int asked;
    private boolean trimmed;
    private boolean silent;
    private FollowChanges follow;

    @BeforeEach
    void start() {
        follow = new FollowChanges(this::after, store, undecided, new AppliedSeq(file()));
    }

    private Path file() {
        return folder.resolve("applied-seq");
    }

    private ChangeSource.Reply after(long seq, int limit) {
        asked++;
        if (trimmed) {
            return ChangeSource.Reply.trimmed();
        }
        return silent
                ? ChangeSource.Reply.nobody()
                : ChangeSource.Reply.of(new ChangePage(
                        log.size(),
                        log.stream()
                                .filter(change -> change.seq() > seq)
                                .limit(limit)
                                .toList()));
    }

    private void change(Optional<BlobId> dropped, boolean overdue) {
        log.add(new ChangePage.Change(
                log.size() + 1L, "DELETE", "admin/x", Optional.empty(), dropped, overdue, Instant.EPOCH));
    }

    private BlobId landed() {
        var id = BlobId.next(clock);
        Samples.land(store, id, Samples.bytes("x"), Stage.COMMITTED, clock);
        return id;
    }

    @Test
    void whatShouldBeGoneAlreadyGoesIntoQuarantineAndTheRestIsLeftToItsTask() {
        BlobId stale = landed();
        BlobId recent = landed();
        BlobId kept = landed();
        change(Optional.of(stale), true);
        change(Optional.of(recent), false);
        change(Optional.of(BlobId.next(clock)), true);
        change(Optional.empty(), true);
        assertThat(follow.catchUp(4)).isEqualTo(new CaughtUp(4, false));
        assertThat(store.quarantineReason(stale))
                .hasValueSatisfying(reason -> assertThat(reason).contains("change 1 ", "DELETE admin/x"));
        assertThat(store.find(recent)).isPresent();
        assertThat(store.find(kept)).isPresent();
    }

    @Test
    void aBeatAsksOnlyWhenThereIsSomethingNew() {
        follow.beat();
        follow.hear(0);
        follow.beat();
        assertThat(asked).isZero();
        change(Optional.empty(), true);
        follow.hear(1);
        follow.beat();
        follow.beat();
        assertThat(asked).isOne();
        assertThat(follow.appliedSeq()).isOne();
    }

    @Test
    void manyPagesAreFollowedToTheEndAndRememberedByTheNextRun() {
        for (int i = 0; i < 2 * FIRST_THOUSAND + 1; i++) {
            change(Optional.empty(), true);
        }
        assertThat(follow.catchUp(log.size()).appliedSeq()).isEqualTo(log.size());
        assertThat(asked).isEqualTo(3);
        assertThat(new AppliedSeq(file()).get()).isEqualTo(log.size());
    }

    @Test
    void aChangeThatCannotBeAppliedIsNotPassedOver() {
        BlobId busy = landed();
        change(Optional.empty(), true);
        change(Optional.of(busy), true);
        CaughtUp reached = undecided.alone(busy, () -> follow.catchUp(2));
        assertThat(reached).isEqualTo(new CaughtUp(1, false));
        assertThat(follow.catchUp(2)).isEqualTo(new CaughtUp(2, false));
        assertThat(store.find(busy)).isEmpty();
    }

    @Test
    void aGapIsNotJumped() {
        change(Optional.empty(), true);
        change(Optional.empty(), true);
        log.remove(0);
        assertThat(follow.catchUp(2)).isEqualTo(new CaughtUp(0, false));
    }

    @Test
    void whoIsTooFarBehindWaitsForAMasterToCompareEverything() {
        trimmed = true;
        assertThat(follow.catchUp(9)).isEqualTo(new CaughtUp(0, true));
        follow.hear(9);
        follow.beat();
        assertThat(asked).isOne();
        assertThat(follow.reconciled(9)).isEqualTo(new CaughtUp(9, false));
        assertThat(new AppliedSeq(file()).get()).isEqualTo(9);
        trimmed = false;
        follow.hear(10);
        follow.beat();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void withoutAMasterItStaysWhereItIs() {
        silent = true;
        assertThat(follow.catchUp(3)).isEqualTo(new CaughtUp(0, false));
    }

    @Test
    void aDamagedRecordMeansThatAllIsLookedAtAgain() throws IOException {
        Files.writeString(file(), "4x2");
        assertThat(new AppliedSeq(file()).get()).isZero();
    }
}
