package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.SharedPlaces;
import org.holdfast.contract.SharedPlaces.Taker;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Role;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SearchNamesTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private Caller anna = new Caller(-1, "nobody", Role.USER, 0);
    private Caller bob = anna;

    @BeforeEach
    void twoPeople() throws Exception {
        var unused = TestNodes.running(master, "sn1");
        anna = master.user("anna");
        bob = master.user("bob");
    }

    private void files(String... paths) {
        for (String path : paths) {
            var terms = new PutTerms("anna", OnConflict.REPLACE, Optional.empty(), Optional.empty(), 1, Set.of());
            var unused = master.put("anna/" + path, master.blob(path), terms);
        }
    }

    private SearchNames.Result search(Caller caller, String part, int limit) {
        return master.get(SearchNames.class).find(caller, "anna", part, limit);
    }

    private List<String> paths(Caller caller, String part) {
        return search(caller, part, 100).found().stream()
                .map(found -> found.address().path())
                .toList();
    }

    private void share(String path) {
        master.get(ShareNames.class).grant(anna, new FileAddress("anna", path), "bob", FileRole.READER);
    }

    @Test
    void whoHasAllOfTheirSearchesRunningIsInNobodyElsesWay() {
        files("kelp");
        share("kelp");
        SharedPlaces searches = master.get(MasterPlaces.class).searches();
        var running =
                Stream.generate(() -> searches.take(Taker.of("anna"))).limit(4).toList();
        assertRefused(FailureKind.UNAVAILABLE, "share-used", () -> paths(anna, "kelp"));
        assertThat(paths(bob, "kelp")).containsExactly("kelp");
        running.forEach(SharedPlaces.Place::close);
        assertThat(paths(anna, "kelp")).containsExactly("kelp");
        assertThat(searches.taken()).isZero();
    }

    @Test
    void partsOfNamesAreFoundInWhateverCase() {
        files("Kelp.txt", "b/my KELP", "b/Über uns.pdf", "b/uber.pdf", "kelp-farm/plan.txt", "other");
        assertThat(paths(anna, "kelp")).containsExactly("Kelp.txt", "kelp-farm", "b/my KELP");
        assertThat(paths(anna, "ÜBER")).containsExactly("b/Über uns.pdf");
        assertThat(paths(anna, "nowhere")).isEmpty();
    }

    @Test
    void lettersWithMarksAreFoundInBothFormsOfUnicode() {
        files("\u00c4pfel", "b/a\u0308pfel", "apfel", "b\u00e4\u00df/u\u0308ber");
        for (String part : List.of("\u00e4pfel", "A\u0308PFEL")) {
            assertThat(paths(anna, part)).as(part).containsExactly("\u00c4pfel", "b/a\u0308pfel");
        }
        assertThat(paths(anna, "ba\u0308\u00df")).containsExactly("b\u00e4\u00df");
    }

    @Test
    void nothingInTheTextIsAPattern() {
        files("100%.txt", "100x.txt", "a_b", "axb", "back\\slash", "quo'te");
        assertThat(paths(anna, "0%")).containsExactly("100%.txt");
        assertThat(paths(anna, "_")).containsExactly("a_b");
        assertThat(paths(anna, "\\")).containsExactly("back\\slash");
        assertThat(paths(anna, "'")).containsExactly("quo'te");
    }

    @Test
    void anEntrySaysWhatIsThereAndMoreIsTold() {
        files("a/x1", "a/x2", "a/x3", "x/y");
        var result = search(anna, "x", 2);
        assertThat(result.truncated()).isTrue();
        assertThat(result.found()).extracting(found -> found.address().path()).containsExactly("x", "a/x1");
        assertThat(result.found().get(0).entry().file()).isEmpty();
        var file = result.found().get(1).entry().file().orElseThrow();
        assertThat(file.sizeBytes()).isEqualTo("a/x1".length());
        assertThat(file.version()).isEqualTo(1);
        assertThat(file.contentType()).isEqualTo("text/plain");
        assertThat(search(anna, "x", 4).truncated()).isFalse();
    }

    @Test
    void onlyWhatTheCallerMayReadIsFound() {
        files("a/kelp.txt", "a/b/kelp.txt", "ab/kelp.txt", "c/kelp.txt", "c/other kelp.txt");
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> search(bob, "kelp", 10));
        share("a/b");
        assertThat(paths(bob, "kelp")).containsExactly("a/b/kelp.txt");
        assertThat(paths(bob, "b")).as("the folder itself").containsExactly("a/b");
        share("a");
        share("c/other kelp.txt");
        assertThat(paths(bob, "KELP")).containsExactly("a/kelp.txt", "a/b/kelp.txt", "c/other kelp.txt");
        share("");
        assertThat(paths(bob, "kelp")).hasSize(5);
        assertThat(paths(master.admin(), "kelp")).hasSize(5);
    }

    @Test
    void aNamespaceThatIsNotThereLooksLikeOneThatIsHidden() {
        assertRefused(
                FailureKind.NOT_FOUND,
                "not-found",
                () -> master.get(SearchNames.class).find(anna, "none", "x", 1));
    }
}
