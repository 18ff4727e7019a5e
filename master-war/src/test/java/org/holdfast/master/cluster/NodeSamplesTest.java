package org.holdfast.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.NodeReport;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NodeSamplesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @SuppressWarnings("NullAway.Init")
    private TestNodes nodes;

    @BeforeEach
    void aLeaderWithANode() {
        assertThat(master.get(Leadership.class).seek()).isTrue();
        nodes = TestNodes.running(master, "sn1");
    }

    private NodeSamples samples() {
        return master.get(NodeSamples.class);
    }

    private void leadAgain() {
        assertThat(master.get(Leadership.class).seek()).isTrue();
    }

    private void pinged(long millis) {
        master.get(PingTimes.class).add(nodes.id("sn1"), Duration.ofMillis(millis));
    }

    @Test
    void aSampleTellsRoomAndAnswerTimes() {
        nodes.room("sn1", 700);
        pinged(2);
        pinged(6);
        samples().take();
        samples().take();
        master.clock().forward(NodeSamples.EVERY);
        leadAgain();
        samples().take();
        var list = samples().list(nodes.id("sn1"), NOON, NOON.plusSeconds(60));
        assertThat(list).hasSize(2);
        assertThat(list.get(0).at()).isEqualTo(NOON);
        assertThat(list.get(0).room().freeBytes()).isEqualTo(700);
        assertThat(list.get(0).ping()).contains(Duration.ofMillis(4));
        assertThat(list.get(0).maxPing()).contains(Duration.ofMillis(6));
        assertThat(list.get(1).ping()).as("no answer since").isEmpty();
        assertThat(samples().list(nodes.id("sn1"), NOON, NOON.plusSeconds(10))).hasSize(1);
    }

    private void carried(String boot, long puts, long getBytes) {
        master.get(NodeTraffic.class)
                .heard(
                        nodes.id("sn1"),
                        new NodeReport(
                                "sn1",
                                TestNodes.disk("sn1"),
                                new NodeReport.Room(1, 1, 1),
                                new NodeReport.State(boot, 0, Optional.empty(), 0),
                                Optional.of(new NodeReport.Traffic(puts, 0, 0, getBytes))));
    }

    @Test
    void aNodeThatDoesNotTellWhatItCarriesHasCarriedNothingThatIsKnown() throws Exception {
        for (int i = 0; i < 2; i++) {
            master.get(NodeTraffic.class)
                    .heard(
                            nodes.id("sn1"),
                            TestNodes.report("sn1", TestNodes.disk("sn1"), new NodeReport.Room(1, 1, 1)));
        }
        samples().take();
        assertThat(master.rows("SELECT puts, get_bytes FROM node_sample")).containsExactly("- -");
    }

    @Test
    void aSampleTellsWhatWasCarriedSinceTheLastOne() throws Exception {
        carried("one", 1_000, 1_000_000);
        samples().take();
        carried("one", 1_004, 1_000_300);
        carried("one", 1_005, 1_000_400);
        takeLater();
        carried("two", 2, 50);
        takeLater();
        takeLater();
        assertThat(master.rows("SELECT puts, get_bytes FROM node_sample ORDER BY at"))
                .as("nothing is known of what was before; a process that is new counts from 0; silence is no 0")
                .containsExactly("- -", "5 400", "2 50", "- -");
        assertThat(samples()
                        .list(nodes.id("sn1"), NOON, NOON.plusSeconds(60))
                        .get(1)
                        .traffic())
                .contains(new NodeReport.Traffic(5, 0, 0, 400));
    }

    private void takeLater() {
        master.clock().forward(NodeSamples.EVERY);
        leadAgain();
        samples().take();
    }

    @Test
    void onlyTheLeaderTakesSamples() throws Exception {
        master.get(Leadership.class).resign();
        samples().take();
        assertThat(master.count("SELECT COUNT(*) FROM node_sample")).isZero();
    }

    /** A sample; 0 for no answer. */
    private void insert(Instant at, int span, int usedBytes, int pingMicros) throws Exception {
        master.sql(
                "INSERT INTO node_sample (node_id, at, span_seconds, capacity_bytes, used_bytes, free_bytes, ping_micros,"
                        + " max_ping_micros) VALUES (?, ?, ?, 100, ?, ?, NULLIF(?, 0), NULLIF(?, 0))",
                nodes.id("sn1"),
                at.toString().replaceAll("[TZ]", " ").strip(),
                span,
                usedBytes,
                100 - usedBytes,
                pingMicros,
                2 * pingMicros);
    }

    @Test
    void samplesGetCoarserWithTheirAgeAndGo() throws Exception {
        Instant dayAgo = NOON.minus(NodeSamples.FINE_FOR);
        // Two of one five minutes, and one of the five minutes that a day ago is in.
        insert(dayAgo.minusSeconds(290), 10, 10, 100);
        insert(dayAgo.minusSeconds(20), 10, 30, 0);
        insert(dayAgo.plusSeconds(10), 10, 50, 300);
        insert(NOON.minus(NodeSamples.MIDDLE_FOR).minusSeconds(300), 300, 20, 100);
        insert(NOON.minus(NodeSamples.MIDDLE_FOR).minusSeconds(3600), 300, 40, 300);
        insert(NOON.minus(NodeSamples.COARSE_FOR), 3600, 60, 1);
        insert(NOON.minus(NodeSamples.COARSE_FOR).minusSeconds(3600), 3600, 60, 1);
        for (int i = 0; i < 2; i++) {
            samples().tidy();
            assertThat(master.rows("SELECT at, span_seconds, used_bytes, free_bytes, ping_micros, max_ping_micros"
                            + " FROM node_sample ORDER BY at"))
                    .containsExactly(
                            "2025-03-01 12:00:00.000000 3600 60 40 1 2",
                            "2026-01-30 11:00:00.000000 3600 30 70 200 600",
                            "2026-02-28 11:55:00.000000 300 20 80 100 200",
                            "2026-02-28 12:00:10.000000 10 50 50 300 600");
        }
    }

    @Test
    void eventsAreKeptForNinetyDays() throws Exception {
        master.sql("INSERT INTO node_event (at, kind, detail) VALUES ('2025-12-01 11:59:59', 'LEADER', 'old'),"
                + " ('2025-12-01 12:00:01', 'LEADER', 'young')");
        master.get(NodeEvents.class).trim();
        assertThat(master.rows("SELECT detail FROM node_event WHERE at < '2026-01-01'"))
                .containsExactly("young");
    }
}
