package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.cluster.AdminState.DRAINING;
import static org.holdfast.master.cluster.AdminState.IN_SERVICE;
import static org.holdfast.master.cluster.AdminState.OFFLINE;
import static org.holdfast.master.cluster.NodeStatus.DOWN;
import static org.holdfast.master.cluster.NodeStatus.RUNNING;
import static org.holdfast.master.cluster.NodeStatus.VERIFYING;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.NodeReport;
import org.holdfast.master.cluster.AdminState;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.NodeView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of the same copies while nodes come and go. */
class SafetyTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration HOLD_OFF = Duration.ofMinutes(10);

    private final Map<Long, NodeView> nodes = new HashMap<>();
    private List<CopyCensus.Group> groups = List.of(group(3, Set.of(1L, 2L, 3L), 90, 90));

    @BeforeEach
    void allRun() {
        for (long id = 1; id <= 4; id++) {
            turn(id, IN_SERVICE, RUNNING);
        }
    }

    private static CopyCensus.Group group(int wanted, Set<Long> nodes, long versions, long files) {
        return new CopyCensus.Group(wanted, nodes, Set.of(), new CopyCensus.Amount(versions, files, 7 * versions));
    }

    /** At noon. */
    private void turn(long id, AdminState wanted, NodeStatus status) {
        nodes.put(
                id,
                new NodeView(
                        id,
                        "sn" + id,
                        "disk",
                        new NodeView.Place("u", "p", "z", "h"),
                        new NodeView.Terms(Optional.empty(), Optional.empty()),
                        new NodeView.Condition(
                                new NodeView.Wanted(wanted, NOON),
                                new NodeView.Seen(
                                        status, NOON, Optional.empty(), Optional.of(NOON), Optional.empty(), true),
                                new NodeReport.Room(1, 1, 1),
                                new NodeView.Heard(Optional.empty(), "", 0))));
    }

    private ClusterTotals.Totals totals(Instant now) {
        return new CopyCensus(groups, NOON).judge(nodes.values(), HOLD_OFF, now);
    }

    private String said(Duration afterNoon) {
        Instant now = NOON.plus(afterNoon);
        Safety safety = Safety.of(totals(now), now);
        return safety.level() + ": " + safety.verdict();
    }

    @Test
    void aNodeThatIsAwayForAMomentMakesNoFileSafeThatIsNot() {
        assertThat(said(Duration.ZERO)).isEqualTo("SAFE: Safe: every file has all its copies.");
        turn(3, IN_SERVICE, DOWN);
        assertThat(said(Duration.ofSeconds(121)))
                .isEqualTo("WAITING: Readable; 90 files have 2 of 3 copies on running nodes; healing begins in 8 min.");
        assertThat(said(Duration.ofSeconds(599)))
                .isEqualTo("WAITING: Readable; 90 files have 2 of 3 copies on running nodes; healing begins in 1 s.");
        assertThat(totals(NOON).copies().missing()).isZero();
        assertThat(said(HOLD_OFF)).isEqualTo("HEALING: No file is in danger, but 90 copies are missing.");
        assertThat(totals(NOON.plus(HOLD_OFF)).copies().missingBytes()).isEqualTo(90 * 7);
        assertThat(totals(NOON.plus(HOLD_OFF)).fewRunning().versions()).isEqualTo(90);
    }

    @Test
    void aNodeThatProvesWhatItHoldsIsNotAwaited() {
        turn(3, IN_SERVICE, VERIFYING);
        assertThat(said(HOLD_OFF))
                .isEqualTo(
                        "WAITING: Readable; 90 files have 2 of 3 copies on running nodes; the others are being verified.");
    }

    @Test
    void theFirstNodeThatIsGivenUpSaysWhenHealingBegins() {
        groups = List.of(group(4, Set.of(1L, 2L, 3L, 4L), 2, 1));
        turn(3, OFFLINE, RUNNING);
        turn(4, IN_SERVICE, DOWN);
        var few = totals(NOON).fewRunning();
        assertThat(few)
                .isEqualTo(new ClusterTotals.FewRunning(
                        1, 1, List.of(new ClusterTotals.Share(2, 4)), Optional.of(NOON.plus(HOLD_OFF))));
        assertThat(said(Duration.ZERO)).contains("1 file and 1 older version have 2 of 4 copies", "begins in 10 min");
    }

    @Test
    void whatHasDifferentNumbersOfCopiesIsToldTogether() {
        groups = List.of(
                group(3, Set.of(1L, 2L, 3L), 5, 5),
                group(4, Set.of(1L, 2L, 3L, 4L), 2, 2),
                group(3, Set.of(1L, 2L, 4L), 1, 1));
        turn(3, IN_SERVICE, DOWN);
        assertThat(said(Duration.ZERO)).contains("7 files have 2 of 3 or 3 of 4 copies on running nodes");
    }

    @Test
    void oneCopyLeftIsDangerAndNoneIsWorse() {
        groups = List.of(group(2, Set.of(1L, 2L), 1, 1));
        turn(2, IN_SERVICE, DOWN);
        assertThat(said(Duration.ZERO))
                .isEqualTo("ENDANGERED: Not safe: 1 file has one readable copy left; healing begins in 10 min.");
        turn(1, IN_SERVICE, DOWN);
        assertThat(said(Duration.ZERO)).isEqualTo("UNREADABLE: Not safe: 1 file can't be read now.");
    }

    @Test
    void copiesThatAreToMoveAreReadAndDoNotCount() {
        groups = List.of(new CopyCensus.Group(3, Set.of(1L, 2L), Set.of(3L), new CopyCensus.Amount(1, 1, 7)));
        assertThat(said(Duration.ZERO)).isEqualTo("HEALING: No file is in danger, but 1 copy is missing.");
        groups = List.of(group(3, Set.of(1L, 2L, 3L), 1, 1));
        turn(3, DRAINING, RUNNING);
        assertThat(said(Duration.ZERO)).isEqualTo("HEALING: No file is in danger, but 1 copy is missing.");
    }

    @Test
    void anEmptyStoreIsSafe() {
        groups = List.of();
        assertThat(said(Duration.ZERO)).startsWith("SAFE");
    }
}
