package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.ChangePage;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.Refusals;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ChangesInOrderTest {
    private static final String MANY = "INSERT INTO change_log (kind, path, account_id, changed_at)"
            + " SELECT 'PUT', 'admin/x', 900000, '2026-02-01' FROM seq_1_to_%d";

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void lead() {
        TestNodes.running(master, "sn1");
        assertThat(master.get(Leadership.class).seek()).isTrue();
    }

    private NumberChanges numbers() {
        return master.get(NumberChanges.class);
    }

    private void numberAll() {
        boolean more = true;
        while (more) {
            more = numbers().number();
        }
    }

    private Optional<ChangePage> after(long seq) {
        return master.get(ReadChanges.class).after(seq, 100);
    }

    private BlobId put(String address) {
        return master.put(address).blob().id();
    }

    @Test
    void eachChangeTellsWhichBytesLostTheirName() throws Exception {
        assertThat(master.sql("UPDATE namespace SET versions_kept = 0")).isOne();
        BlobId first = put("admin/a");
        BlobId second = put("admin/a");
        BlobId other = put("admin/b");
        var moved = master.get(MoveNames.class)
                .move(master.admin(), new FileAddress("admin", "b"), new FileAddress("admin", "a"), OnConflict.REPLACE);
        master.get(ChangeNames.class).removeFile(master.admin(), moved, Conditions.NONE);
        numberAll();
        var changes = after(0).orElseThrow().changes();
        assertThat(changes)
                .extracting(ChangePage.Change::kind)
                .containsExactly("PUT", "PUT", "PUT", "DELETE", "MOVE", "DELETE");
        assertThat(changes.stream().flatMap(change -> change.dropped().stream()))
                .containsExactly(first, second, other);
        assertThat(changes.get(0).blob()).contains(first);
    }

    @Test
    void aChangeGetsItsNumberOnlyWhenItIsCommittedAndNoneIsLeftOut() throws Exception {
        try (Connection slow = master.connect()) {
            slow.setAutoCommit(false);
            try (var statement = slow.createStatement()) {
                statement.executeUpdate(MANY.formatted(1));
            }
            put("admin/fast");
            numberAll();
            assertThat(numbers().head()).isOne();
            slow.commit();
        }
        numberAll();
        assertThat(after(0).orElseThrow().changes())
                .extracting(ChangePage.Change::path)
                .containsExactly("admin/fast", "admin/x");
        assertThat(after(1).orElseThrow().changes()).hasSize(1);
    }

    @Test
    void manyAreNumberedWithoutGaps() throws Exception {
        int count = 2 * NumberChanges.BATCH + 1;
        master.sql(MANY.formatted(count));
        numberAll();
        assertThat(master.rows("SELECT MIN(seq), MAX(seq), COUNT(DISTINCT seq), SUM(seq IS NULL) FROM change_log"))
                .containsExactly("1 " + count + " " + count + " 0");
    }

    @Test
    void onlyTheLeaderGivesNumbers() throws Exception {
        put("admin/a");
        master.sql("UPDATE lease SET holder = 'm2/x' WHERE name = 'leader'");
        Refusals.assertRefused(
                FailureKind.UNAVAILABLE, "not-leader", () -> numbers().number());
        Refusals.assertRefused(
                FailureKind.UNAVAILABLE, "not-leader", () -> numbers().trim());
        assertThat(numbers().head()).isZero();
    }

    @Test
    void bytesAreOverdueWhenTheTimeOfGraceIsOver() {
        put("admin/a");
        put("admin/a");
        numberAll();
        assertThat(after(1).orElseThrow().changes().get(0).overdue()).isFalse();
        master.clock().forward(TestWiring.DELETE_GRACE.plusMillis(1));
        assertThat(after(1).orElseThrow().changes().get(0).overdue()).isTrue();
    }

    @Test
    void theLastOnesAndTheYoungOnesAreKept() throws Exception {
        master.sql(MANY.formatted(TestWiring.KEPT_CHANGES + 5));
        numberAll();
        master.sql("UPDATE change_log SET changed_at = ?", java.time.LocalDateTime.parse("2026-02-28T12:00:00"));
        assertThat(numbers().trim()).isZero();
        master.clock().forward(TestWiring.KEEP_CHANGES);
        assertThat(numbers().trim()).isEqualTo(5);
        assertThat(numbers().trim()).isZero();
        assertThat(after(4)).isEmpty();
        assertThat(after(5).orElseThrow().changes()).hasSize(TestWiring.KEPT_CHANGES);
    }

    @Test
    void whoHasSeenTheLastOneHearsNothingNewAndWhoClaimsMoreMustCompareAll() {
        assertThat(after(0)).contains(new ChangePage(0, java.util.List.of()));
        put("admin/a");
        numberAll();
        assertThat(after(1)).contains(new ChangePage(1, java.util.List.of()));
        assertThat(after(2)).isEmpty();
    }

    @Test
    void aPageEndsWhereItIsTold() {
        put("admin/a");
        put("admin/b");
        put("admin/c");
        numberAll();
        var page = master.get(ReadChanges.class).after(1, 1).orElseThrow();
        assertThat(page.head()).isEqualTo(3);
        assertThat(page.changes()).extracting(ChangePage.Change::path).containsExactly("admin/b");
        assertThat(Duration.between(
                        page.changes().get(0).changedAt(), master.clock().instant()))
                .isZero();
    }
}
