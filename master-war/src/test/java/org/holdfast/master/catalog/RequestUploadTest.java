package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.TaskMessage.Member;
import org.holdfast.contract.Ticket;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.placement.PlacementPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many nodes a put is to reach, and which. */
class RequestUploadTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private TestNodes nodes = new TestNodes(master);
    private int asked;

    @BeforeEach
    void fiveNodesInThreeZones() {
        nodes = new TestNodes(master);
        for (String node : List.of("sn1 a", "sn2 a", "sn3 a", "sn4 b", "sn5 c")) {
            nodes.join(node.substring(0, 3), node.substring(4));
            nodes.turn(node.substring(0, 3), NodeStatus.RUNNING);
        }
    }

    private RequestUpload.Upload ask(String namespace, int durability, Optional<String> only) {
        var terms = new PutTerms("admin", OnConflict.REPLACE, Optional.empty(), Optional.empty(), durability, Set.of());
        return master.get(RequestUpload.class)
                .ask(
                        master.admin(),
                        new RequestUpload.Wish(
                                // Each put has a name of its own, for the one before holds a lock on its name.
                                new FileAddress(namespace, "a" + asked++),
                                10,
                                Digests.NONE,
                                Optional.empty(),
                                terms,
                                new RequestUpload.NodeChoice(Set.of(), only),
                                Optional.empty()),
                        Ticket.Operation.PUT);
    }

    private PutTerms terms(String namespace, int durability, String primary) {
        var upload = ask(namespace, durability, Optional.of(primary));
        return upload.tickets().apply(upload.nodes().get(0)).terms().orElseThrow();
    }

    @Test
    void partnersLieInOtherZonesAndTwoMoreAreThereToReplaceThem() {
        PutTerms terms = terms("admin", 3, "sn1");
        assertThat(terms.durability()).isEqualTo(3);
        assertThat(terms.partners()).hasSize(4).doesNotHaveDuplicates();
        assertThat(terms.partners().subList(0, 2))
                .containsExactlyInAnyOrder(
                        new Member("sn4", "http://sn4.example:1"), new Member("sn5", "http://sn5.example:1"));
    }

    @Test
    void onePutAsksForWhatItsNamespaceAsksUnlessItSaysOtherwise() {
        master.get(Namespaces.class).make(master.admin(), "twice", new NamespaceTerms(2, PlacementPolicy.RANDOM, 2, 0));
        assertThat(terms("twice", PutTerms.BY_NAMESPACE, "sn1").durability()).isEqualTo(2);
        assertThat(terms("twice", 1, "sn1").partners()).isEmpty();
        assertThat(terms("twice", 3, "sn1").durability()).isEqualTo(3);
        assertThat(terms("admin", PutTerms.BY_NAMESPACE, "sn1").durability()).isEqualTo(1);
    }

    @Test
    void moreCopiesThanThereWillBeCantBeDurable() {
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> ask("admin", 4, Optional.empty()));
    }

    @Test
    void tooFewNodesAreToldBeforeAByteFlows() {
        List.of("sn2", "sn3", "sn4").forEach(name -> nodes.turn(name, NodeStatus.DOWN));
        assertThat(terms("admin", 2, "sn1").partners()).hasSize(1);
        nodes.room("sn5", 9);
        assertRefused(FailureKind.UNAVAILABLE, "durability-unmet", () -> ask("admin", 2, Optional.empty()));
        assertThat(ask("admin", 1, Optional.empty()).nodes()).hasSize(1);
    }

    @Test
    void whileTheCatalogsDiskIsFullNothingIsPut() throws Exception {
        master.catalogFree(9);
        assertRefused(FailureKind.UNAVAILABLE, "catalog-full", () -> ask("admin", 1, Optional.empty()));
        assertThat(master.count("SELECT COUNT(*) FROM file_lock")).isZero();
        master.catalogFree(10);
        assertThat(ask("admin", 1, Optional.empty()).nodes()).isNotEmpty();
    }

    @Test
    void everyTicketIsForABlobOfItsOwn() {
        var upload = ask("admin", 2, Optional.empty());
        var blobs = new HashSet<>();
        upload.nodes()
                .forEach(node -> blobs.add(upload.tickets().apply(node).blob().id()));
        assertThat(blobs).hasSize(5);
    }
}
