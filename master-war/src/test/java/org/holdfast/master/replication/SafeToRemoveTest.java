package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.holdfast.master.catalog.ClusterTotals;
import org.holdfast.master.cluster.AdminState;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeToRemoveTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final TaskLab lab = new TaskLab(master);
    private TestNodes nodes = new TestNodes(master);

    @BeforeEach
    void aFewFiles() throws Exception {
        nodes = TestNodes.running(master, "sn1", "sn2", "sn3", "sn4");
        master.namespace("one", 1);
        lab.manyFiles("admin", 1, 5, nodes.id("sn1"), nodes.id("sn2"), nodes.id("sn3"));
        lab.manyFiles("one", 6, 8, nodes.id("sn1"), nodes.id("sn2"));
        lab.manyFiles("one", 9, 10, nodes.id("sn1"));
    }

    private SafeToRemove.Answer ask(String node) {
        return master.get(SafeToRemove.class).ask(node);
    }

    @Test
    void filesThatWouldBeLostAreToldApartFromThoseThatWouldHaveTooFewCopies() throws Exception {
        var answer = ask("sn1");
        assertThat(answer)
                .isEqualTo(new SafeToRemove.Answer(
                        "sn1",
                        new SafeToRemove.Amount(10, 10),
                        new SafeToRemove.Amount(2, 2),
                        new SafeToRemove.Amount(10, 10)));
        assertThat(answer.verdict()).isEqualTo("No: 2 files have their only good copy here and would be lost.");
        assertThat(ask("sn2").verdict())
                .isEqualTo("Better not: no file would be lost, but 8 would have fewer copies than wanted.");
        assertThat(ask("sn4").isSafe()).as("there is nothing on it").isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 9, 10, 11})
    void anyNumberOfCopiesAtOnceMakesTheSameAnswer(int atOnce) {
        assertThat(master.get(SafeToRemove.class).ask("sn1", atOnce)).isEqualTo(ask("sn1"));
        assertThat(ask("sn1").copies().files()).isEqualTo(10);
    }

    @Test
    void copiesThatCanNotBeReadOrDoNotStayAreNoHelp() {
        nodes.turn("sn3", NodeStatus.DOWN);
        nodes.turn("sn2", AdminState.DRAINING);
        assertThat(ask("sn1").onlyCopyHere().files()).isEqualTo(10);
    }

    @Test
    void whenTheOthersHaveAllCopiesTheDiskMayGo() throws Exception {
        nodes.turn("sn1", AdminState.DRAINING);
        lab.walk();
        assertThat(ask("sn1").isSafe()).isFalse();
        lab.workOff();
        assertThat(ask("sn1").isSafe()).isTrue();
    }

    @Test
    void theTotalsTellWhatIsMissingAndHowSoonItWillBeThere() throws Exception {
        var copies = master.get(ClusterTotals.class).count().copies();
        assertThat(copies).isEqualTo(new ClusterTotals.CopyTotals(25, 23, 23, 2, 2, 2, 0));
        nodes.turn("sn1", AdminState.OFFLINE);
        nodes.turn("sn2", NodeStatus.DOWN);
        master.clock().forward(java.time.Duration.ofHours(1));
        copies = master.get(ClusterTotals.class).count().copies();
        assertThat(copies).isEqualTo(new ClusterTotals.CopyTotals(25, 23, 5, 20, 10, 5, 5));
        assertThat(master.get(HealingRate.class).now().timeFor(20, 20)).isEmpty();
        lab.walk();
        lab.workOff();
        var rate = master.get(HealingRate.class).now();
        assertThat(rate.copiesPerSecond()).isPositive();
        assertThat(rate.timeFor(10, 10)).isPresent();
    }

    @Test
    void aCountServesForAWhileThatDependsOnItsCost() throws Exception {
        var totals = master.get(ClusterTotals.class);
        long files = totals.count().files();
        lab.manyFiles("one", 11, 11, nodes.id("sn1"));
        assertThat(totals.count().files()).as("time stands still").isEqualTo(files);
        master.clock().forward(java.time.Duration.ofMinutes(1));
        assertThat(totals.count().files()).isEqualTo(files + 1);
    }
}
