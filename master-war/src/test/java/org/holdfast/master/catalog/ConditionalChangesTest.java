package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HttpDate;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever changes a name looks at the request's conditions; and since when a name has its bytes, which they ask for. */
class ConditionalChangesTest {
    private static final String OTHER = "\"" + "0".repeat(64) + "\"";

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void aNodeAndVersionsThatAreKept() throws Exception {
        var unused = TestNodes.running(master, "sn1");
        assertThat(master.sql("UPDATE namespace SET versions_kept = 5")).isOne();
    }

    private static FileAddress at(String path) {
        return new FileAddress("admin", path);
    }

    private static Conditions conditions(
            @Nullable String match, @Nullable String noneMatch, @Nullable Instant unmodifiedSince) {
        return new Conditions(
                match, noneMatch, null, unmodifiedSince == null ? null : HttpDate.format(unmodifiedSince), null);
    }

    private static void assertUnmet(ThrowingCallable change) {
        assertRefused(FailureKind.PRECONDITION, "precondition-failed", change);
    }

    private FileView file(String path) {
        return master.get(FindNames.class).file(master.admin(), at(path));
    }

    private Instant namedAt(String path) {
        return file(path).namedAt();
    }

    /** One second later than all that has been done, as the catalog keeps it. */
    private Instant later() {
        master.clock().forward(Duration.ofSeconds(1));
        return master.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    private FileAddress move(String from, String to, Conditions conditions) {
        return master.get(MoveNames.class).move(master.admin(), at(from), at(to), OnConflict.REPLACE, conditions);
    }

    @Test
    void aMoveIsForTheVersionThatItsConditionNames() {
        var unused = master.put("admin/a");
        String etag = file("a").blob().digests().etag();
        Instant put = namedAt("a");
        assertUnmet(() -> move("a", "b", conditions(OTHER, null, null)));
        assertUnmet(() -> move("a", "b", conditions(null, "*", null)));
        assertUnmet(() -> move("a", "b", conditions(null, etag, null)));
        assertUnmet(() -> move("a", "b", conditions(null, null, put.minusSeconds(2))));
        assertUnmet(() -> move("a", "a", conditions(OTHER, null, null)));
        assertThat(file("a").blob().digests().etag()).isEqualTo(etag);
        assertThat(move("a", "b", conditions(etag, OTHER, null))).isEqualTo(at("b"));
        assertThat(move("b", "c", conditions(null, null, put.plusSeconds(60)))).isEqualTo(at("c"));
    }

    @Test
    void aFolderHasNoTagAndIsThere() {
        var unused = master.put("admin/f/x");
        assertUnmet(() -> move("f", "g", conditions(OTHER, null, null)));
        assertUnmet(() -> move("f", "g", conditions(null, "*", null)));
        assertThat(move("f", "g", conditions("*", OTHER, Instant.EPOCH))).isEqualTo(at("g"));
        var changes = master.get(ChangeNames.class);
        assertUnmet(() -> changes.makeFolder(master.admin(), at("g"), conditions(null, "*", null)));
        assertUnmet(() -> changes.makeFolder(master.admin(), at("new"), conditions("*", null, null)));
        changes.makeFolder(master.admin(), at("new"), conditions(null, "*", null));
        assertUnmet(() -> changes.removeEmptyFolder(master.admin(), at("new"), conditions(OTHER, null, null)));
        changes.removeEmptyFolder(master.admin(), at("new"), conditions("*", null, null));
        var tree = master.get(RemoveTree.class);
        assertUnmet(() -> tree.all(master.admin(), at("g"), conditions(OTHER, null, null)));
        assertThat(file("g/x").version()).isOne();
        tree.all(master.admin(), at("g"), conditions("*", null, null));
    }

    @Test
    void removalsAndRestoresHaveConditionsToo() {
        var unused = master.put("admin/a");
        String first = file("a").blob().digests().etag();
        unused = master.put("admin/a");
        String second = file("a").blob().digests().etag();
        var restore = master.get(RestoreVersion.class);
        assertUnmet(() -> restore.restore(master.admin(), at("a"), 1, conditions(OTHER, null, null)));
        assertUnmet(() -> restore.restore(master.admin(), at("a"), 1, conditions(null, second, null)));
        assertThat(restore.restore(master.admin(), at("a"), 1, conditions(second, null, null))
                        .version())
                .isEqualTo(3);
        var changes = master.get(ChangeNames.class);
        assertUnmet(() -> changes.removeFile(master.admin(), at("a"), conditions(null, first, null)));
        assertUnmet(() -> changes.removeFile(
                master.admin(), at("a"), conditions(null, null, namedAt("a").minusSeconds(2))));
        changes.removeFile(master.admin(), at("a"), conditions(first, null, null));
    }

    @Test
    void aPutMayBeForWhatHasNotChangedSince() {
        var unused = master.put("admin/a");
        Instant put = namedAt("a");
        assertUnmet(() -> master.put("admin/a", master.blob("b"), since(put.minusSeconds(2))));
        assertThat(master.put("admin/a", master.blob("b"), since(put.plusSeconds(1)))
                        .version())
                .isEqualTo(2);
        assertThat(master.put("admin/new", master.blob("b"), since(Instant.EPOCH))
                        .version())
                .as("where nothing is, nothing has changed")
                .isOne();
    }

    private static PutTerms since(Instant instant) {
        return new PutTerms("admin", OnConflict.REPLACE, conditions(null, null, instant), 1, java.util.Set.of());
    }

    @Test
    void bytesAreTheNamesSinceTheyWerePutRestoredOrMovedThere() {
        Instant first = later();
        var unused = master.put("admin/old");
        Instant second = later();
        unused = master.put("admin/a");
        assertThat(namedAt("old")).isEqualTo(first);
        assertThat(namedAt("a")).isEqualTo(second);

        Instant moved = later();
        assertThat(move("old", "a", Conditions.NONE)).isEqualTo(at("a"));
        assertThat(namedAt("a")).as("an older file is there now").isEqualTo(moved);
        assertThat(file("a").modifiedAt()).isEqualTo(first);

        Instant put = later();
        unused = master.put("admin/a");
        assertThat(namedAt("a")).isEqualTo(put);
        Instant restored = later();
        var view = master.get(RestoreVersion.class).restore(master.admin(), at("a"), 1);
        assertThat(view.namedAt()).as("after a restore").isEqualTo(restored);
        assertThat(master.get(ListVersions.class).of(master.admin(), at("a")))
                .extracting(version -> version.file().namedAt())
                .containsExactly(restored, put);
    }

    @Test
    void aFolderThatMovesTakesTheNamesBelowItAlong() {
        var unused = master.put("admin/old/deep/x");
        unused = master.put("admin/new/deep/x");
        Instant away = later();
        assertThat(move("new", "elsewhere", Conditions.NONE)).isEqualTo(at("elsewhere"));
        Instant moved = later();
        assertThat(move("old", "new", Conditions.NONE)).isEqualTo(at("new"));
        assertThat(namedAt("new/deep/x")).isEqualTo(moved);
        assertThat(namedAt("elsewhere/deep/x")).isEqualTo(away);
        assertThat(master.get(FindNames.class).find(master.admin(), at("old/deep/x")))
                .isEqualTo(Optional.empty());
    }
}
