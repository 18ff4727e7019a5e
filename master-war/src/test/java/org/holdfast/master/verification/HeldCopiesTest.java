package org.holdfast.master.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However many copies one statement reads, the sum is the same. */
class HeldCopiesTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private long node;

    @BeforeEach
    void files() throws Exception {
        var unusedNodes = TestNodes.running(master, "sn1");
        for (String path : List.of("a/1", "a/2", "b/3", "b/4", "b/5")) {
            var unused = master.put("admin/" + path);
        }
        master.sql("UPDATE replica r JOIN file_version v ON v.blob_id = r.blob_id JOIN file f ON f.version_id = v.id"
                + " SET r.state = 'LOST' WHERE f.name = '4'");
        node = master.count("SELECT id FROM storage_node WHERE name = 'sn1'");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 100})
    void allThatANodeIsToHoldIsCountedOnce(int atOnce) throws Exception {
        var copies = master.get(HeldCopies.class);
        assertThat(copies.expected(node, atOnce))
                .isEqualTo(new HeldCopies.Extent(5, master.count("SELECT SUM(size) FROM blob_")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 100})
    void theCopiesOfAFolderAreCountedOnce(int atOnce) {
        var copies = master.get(HeldCopies.class);
        var folder = new Scope(Optional.of("admin"), Optional.of("b"));
        assertThat(copies.verified(List.of(node), folder, atOnce).copies()).isEqualTo(2);
        assertThat(copies.verified(List.of(node), Scope.EVERYTHING, atOnce).copies())
                .isEqualTo(4);
        assertThat(copies.verified(List.of(), Scope.EVERYTHING, atOnce).copies())
                .isZero();
    }
}
