package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import jakarta.json.JsonObject;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A cluster that mends and moves its copies, seen and steered at the console: the life of a node from its coming to its end. */
@Tag("slow")
@Order(61)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SharedCluster.Of(SharedCluster.Kind.HEALING)
class ConsoleCareIT extends AtTheDesk {
    private static final String NEW = "sn6";
    private static final int FILES = 12;
    private static final int FILE_BYTES = 1_000_000;

    ConsoleCareIT(TestCluster cluster) {
        super(cluster);
    }

    @BeforeAll
    void someFiles() {
        for (int number = 0; number < FILES; number++) {
            put("console-care/" + number, Bytes.random(FILE_BYTES, number), "application/octet-stream");
        }
        StoredFiles.awaitAllGood(cluster);
    }

    @AfterAll
    void endTheRemovedNode() {
        cluster.kill(NEW);
        limit("null");
    }

    /** How many bytes a second workers may copy from and to each node. */
    private void limit(String bytesPerSecond) {
        cluster.nodeStates()
                .keySet()
                .forEach(node -> http.patch(
                                cluster.api("nodes/" + node), "{\"bandwidthBytesPerSecond\":" + bytesPerSecond + "}")
                        .expect(200));
    }

    private JsonObject settings(String node) {
        return one("nodes/" + node, "nodes");
    }

    private static Locator part(Visitor visitor, String name) {
        return visitor.page()
                .getByRole(
                        AriaRole.REGION,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    @Order(1)
    void aNodesSettingsAreChangedAndGivenBack() {
        Visitor visitor = admin("admin/nodes");
        visitor.button("Settings of sn1").click();
        field(visitor, "Megabytes a second for copying").fill("1");
        field(visitor, "Bad copies on its return").selectOption("wait for a person");
        agree(visitor, "Save");
        await().untilAsserted(() -> {
            assertThat(settings("sn1").getJsonNumber("bandwidthBytesPerSecond").longValue())
                    .isEqualTo(1_000_000);
            assertThat(settings("sn1").getString("heal")).isEqualTo("manual");
        });

        visitor.button("Settings of sn1").click();
        assertThat(field(visitor, "Megabytes a second for copying")).hasValue("1");
        field(visitor, "Megabytes a second for copying").fill("");
        field(visitor, "Bad copies on its return").selectOption("as configured for the cluster");
        agree(visitor, "Save");
        await().untilAsserted(() -> assertThat(settings("sn1")).doesNotContainKeys("bandwidthBytesPerSecond", "heal"));
    }

    @Test
    @Order(2)
    void aLostNodeRaisesAnAlarmAndItsCopiesAreMadeElsewhereInATimeThatIsTold() {
        limit("1000000");
        Visitor overview = admin("admin/cluster");
        Visitor care = admin("admin/care");
        assertThat(overview.page().locator(".verdict")).containsText("Safe: every file has all its copies.");

        cluster.kill("sn3");
        assertThat(overview.text("whole again in")).containsText("s");
        assertThat(part(care, "Healing")).containsText("left");
        assertThat(part(care, "Healing")).containsText("missing (");
        assertThat(overview.page().locator("hf-alarms-banner a")).isVisible();
        assertThat(overview.page().locator(".verdict")).containsText("Safe: every file has all its copies.");
        assertThat(part(care, "Healing")).containsText("100 %");

        overview.go("admin/alarms");
        entry(overview, "sn3 does not answer.").getByRole(AriaRole.LINK).click();
        assertThat(node(overview, "sn3")).containsText("down");
        limit("null");
        cluster.node("start", "sn3");
        assertThat(node(overview, "sn3").locator("header")).containsText("running");
        assertThat(overview.page().locator("hf-alarms-banner a")).hasCount(0);
    }

    @Test
    @Order(3)
    void aNewNodeComesByItselfAndCopiesMoveToItUntilThatIsStoppedOrDone() {
        limit("200000");
        Visitor visitor = admin("admin/nodes");
        assertThat(visitor.heading("sn1")).isVisible();
        cluster.node("start", NEW);
        assertThat(node(visitor, NEW)).containsText("running");

        visitor.go("admin/care");
        preview(visitor);
        assertThat(visitor.text("would be moved:")).isVisible();
        visitor.button("Start moving").click();
        assertThat(visitor.dialog()).containsText("only when it is verified at the new one");
        agree(visitor, "Start moving");
        assertThat(part(visitor, "Balance")).containsText("are still to be moved.");
        assertThat(part(visitor, "Balance").getByRole(AriaRole.ROW)).not().hasCount(1);
        visitor.button("Stop moving").click();
        agree(visitor, "Stop moving");
        // To move all would take twice as long.
        assertThat(visitor.button("Preview")).isVisible();
        assertThat(http.get(cluster.api("cluster/rebalance")).expect(200).json().getJsonArray("moves"))
                .isEmpty();

        limit("null");
        preview(visitor);
        visitor.button("Start moving").click();
        agree(visitor, "Start moving");
        assertThat(visitor.button("Stop moving")).isVisible();
        assertThat(visitor.button("Preview")).isVisible();
        assertThat(copiesOnTheNewNode()).isPositive();
    }

    /** By so little that a few megabytes count, however large the disk. */
    private void preview(Visitor visitor) {
        double percent = 100.0
                * FILE_BYTES
                / settings("sn1").getJsonNumber("capacityBytes").longValue();
        visitor.page().getByLabel("Difference to allow, in percent").fill(String.format(Locale.ROOT, "%.9f", percent));
        visitor.button("Preview").click();
    }

    private long copiesOnTheNewNode() {
        return new StoredFiles(cluster).copiesOn(NEW, "'VERIFIED'");
    }

    @Test
    @Order(4)
    void aNodeIsDrainedTakenOfflineAndRemovedForEver() {
        Visitor visitor = admin("admin/nodes");
        visitor.button("Drain " + NEW).click();
        agree(visitor, "Drain");
        assertThat(node(visitor, NEW)).containsText("0 copies are still to go.");
        visitor.button("Take offline " + NEW).click();
        assertThat(visitor.dialog()).containsText("Every file has all its copies on other nodes that answer.");
        agree(visitor, "Take offline");

        assertThat(visitor.button("Remove " + NEW)).isVisible();
        visitor.button("Remove " + NEW).click();
        assertThat(visitor.dialog()).containsText("What is on its disk is written off");
        agree(visitor, "Remove");
        assertThat(visitor.messages()).containsText(NEW + " is removed.");
        assertThat(node(visitor, NEW)).hasCount(0);
        assertThat(cluster.nodeStates()).doesNotContainKey(NEW);
        StoredFiles.awaitAllGood(cluster);
    }
}
