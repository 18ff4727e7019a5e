package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.holdfast.contract.CommitReply;
import org.holdfast.contract.OnConflict;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ContendedPutsTest {
    private static final int THREADS = 32;

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void twoNodes() {
        var unused = TestNodes.running(master, "sn1", "sn2");
    }

    private List<CommitReply> putsAtOnce(java.util.function.IntFunction<String> name, OnConflict onConflict)
            throws Exception {
        return AtOnce.run(
                THREADS,
                i -> () -> master.put(name.apply(i), master.blob("bytes of " + i), TestMaster.terms(onConflict)));
    }

    @Test
    void putsOfOneNewNameMakeOneChainOfVersions() throws Exception {
        var replies = putsAtOnce(i -> "admin/same", OnConflict.REPLACE);
        assertThat(replies.stream().map(CommitReply::version).sorted())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, THREADS).boxed().toList());
        var last = replies.stream()
                .filter(reply -> reply.version() == THREADS)
                .findFirst()
                .orElseThrow();
        assertThat(master.rows("SELECT v.number, v.blob_id FROM file f JOIN file_version v ON v.id = f.version_id"))
                .containsExactly(THREADS + " " + last.blob().id());
        assertThat(master.count("SELECT COUNT(*) FROM blob_")).isEqualTo(THREADS);
        // Of those before it the newest are kept; every other blob is on its way out, on every node where it was
        // wanted.
        assertThat(master.rows("SELECT DISTINCT blob_id FROM replica WHERE state <> 'DELETING'"))
                .containsExactlyInAnyOrderElementsOf(replies.stream()
                        .filter(reply -> reply.version() >= THREADS - NamespaceTerms.VERSIONS_KEPT)
                        .map(reply -> reply.blob().id().value())
                        .toList());
        assertThat(master.count("SELECT COUNT(*) FROM replica r WHERE r.state = 'DELETING' AND NOT EXISTS"
                        + " (SELECT 1 FROM task t WHERE t.blob_id = r.blob_id AND t.target_node_id = r.node_id"
                        + " AND t.kind = 'DELETE')"))
                .isZero();
    }

    @Test
    void putsIntoOneNewDeepFolderAllArrive() throws Exception {
        var replies = putsAtOnce(i -> "admin/a/b/c/d/file" + i, OnConflict.REPLACE);
        assertThat(replies).allMatch(reply -> reply.version() == 1);
        assertThat(master.count("SELECT COUNT(*) FROM folder WHERE path <> ''")).isEqualTo(4);
        assertThat(master.count("SELECT COUNT(*) FROM file f JOIN folder d ON d.id = f.folder_id"
                        + " WHERE d.path = 'a/b/c/d'"))
                .isEqualTo(THREADS);
    }

    @Test
    void renamingPutsGetNamesOfTheirOwn() throws Exception {
        var replies = putsAtOnce(i -> "admin/same.txt", OnConflict.RENAME);
        var paths = replies.stream().map(reply -> reply.address().path()).collect(Collectors.toSet());
        var expected = new HashSet<String>(List.of("same.txt"));
        IntStream.rangeClosed(2, THREADS).forEach(i -> expected.add("same (" + i + ").txt"));
        assertThat(paths).isEqualTo(expected);
        assertThat(master.count("SELECT COUNT(*) FROM replica WHERE state = 'DELETING'"))
                .isZero();
    }

    @Test
    void aFileAndAFolderRaceForOneNameAndOneWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            String name = "admin/race" + round;
            var won = AtOnce.run(8, i -> () -> {
                try {
                    return master.put(i % 2 == 0 ? name : name + "/inside" + i)
                            .address()
                            .path();
                } catch (org.holdfast.contract.HoldfastException e) {
                    assertThat(e.code()).isIn("is-a-file", "is-a-folder");
                    return "refused";
                }
            });
            long files = master.count("SELECT COUNT(*) FROM file WHERE name = ?", "race" + round);
            long folders = master.count("SELECT COUNT(*) FROM folder WHERE name = ?", "race" + round);
            assertThat(files + folders).as("%s", won).isEqualTo(1);
            assertThat(won.stream().filter("refused"::equals)).hasSize(4);
        }
    }
}
