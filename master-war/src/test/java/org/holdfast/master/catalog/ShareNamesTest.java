package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.EditAccounts;
import org.holdfast.master.account.Role;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShareNamesTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private Caller anna = new Caller(-1, "nobody", Role.USER, 0);
    private Caller bob = anna;

    @BeforeEach
    void twoPeopleAndSomeFiles() throws Exception {
        var unused = TestNodes.running(master, "sn1");
        anna = master.user("anna");
        bob = master.user("bob");
        for (String path : new String[] {"top.txt", "a/b/c/deep.txt", "a/b/side.txt", "a/other.txt"}) {
            put(anna, path);
        }
    }

    private static FileAddress at(String path) {
        return new FileAddress("anna", path);
    }

    private void put(Caller caller, String path) {
        put(caller, path, OnConflict.REPLACE);
    }

    private String put(Caller caller, String path, OnConflict onConflict) {
        return master.put("anna/" + path, master.blob(path), terms(caller, onConflict))
                .address()
                .path();
    }

    private static PutTerms terms(Caller caller, OnConflict onConflict) {
        return new PutTerms(caller.name(), onConflict, Optional.empty(), Optional.empty(), 1, Set.of());
    }

    private void grant(String path, FileRole role) {
        master.get(ShareNames.class).grant(anna, at(path), "bob", role);
    }

    private boolean canRead(Caller caller, String path) {
        try {
            return master.get(FindNames.class).find(caller, at(path)).isPresent();
        } catch (HoldfastException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND);
            return false;
        }
    }

    private List<String> names(Caller caller, String folder) {
        return master.get(ListFolder.class).page(caller, at(folder), "", 100).entries().stream()
                .map(ListFolder.Entry::name)
                .toList();
    }

    private static void assertForbidden(ThrowingCallable call) {
        assertRefused(FailureKind.FORBIDDEN, "forbidden", call);
    }

    private static void assertHidden(ThrowingCallable call) {
        assertRefused(FailureKind.NOT_FOUND, "not-found", call);
    }

    @Test
    void aStrangerGetsTheSameAnswerWhetherThereIsSomethingOrNot() {
        var names = master.get(FindNames.class);
        for (String path : new String[] {"top.txt", "nothing", "a/b/side.txt", "a/b/nothing", "a", ""}) {
            String there = "There is nothing at anna" + (path.isEmpty() ? "" : "/" + path) + " that you may use.";
            assertThatThrownBy(() -> names.find(bob, at(path))).hasMessage(there);
            assertThatThrownBy(() -> names.isFolder(bob, at(path))).hasMessage(there);
            assertThatThrownBy(() -> names.find(bob, new FileAddress("nobody", path)))
                    .hasMessage(there.replace("anna", "nobody"));
            assertThatThrownBy(() -> names.isFolder(bob, new FileAddress("nobody", path)))
                    .hasMessage(there.replace("anna", "nobody"));
        }
        assertHidden(() -> put(bob, "new.txt"));
        assertHidden(() -> put(bob, "top.txt"));
        assertHidden(() -> master.get(ShareNames.class).list(bob, at("top.txt")));
        assertHidden(() -> master.get(Namespaces.class).get(bob, "anna"));
        assertThat(master.get(Namespaces.class).of(bob))
                .extracting(Namespaces.NamespaceView::name)
                .containsExactly("bob");
    }

    @Test
    void aRoleIsInheritedDownwardsAndTheStrongestCounts() {
        grant("a/b", FileRole.READER);
        assertThat(canRead(bob, "a/b/c/deep.txt")).isTrue();
        assertThat(canRead(bob, "a/b/side.txt")).isTrue();
        assertThat(canRead(bob, "a/other.txt")).isFalse();
        assertThat(canRead(bob, "top.txt")).isFalse();
        assertForbidden(() -> put(bob, "a/b/c/new.txt"));
        grant("a/b/c", FileRole.MASTER);
        put(bob, "a/b/c/new.txt");
        assertForbidden(() -> put(bob, "a/b/new.txt"));
        grant("", FileRole.EDITOR);
        put(bob, "a/b/new.txt");
        master.get(ChangeNames.class).removeFile(bob, at("a/b/c/new.txt"), Conditions.NONE);
        assertForbidden(() -> master.get(ChangeNames.class).removeFile(bob, at("a/b/new.txt"), Conditions.NONE));
        assertThat(master.get(Namespaces.class).get(bob, "anna").owner()).isEqualTo("anna");
    }

    @Test
    void foldersAboveWhatIsSharedAreShownBare() {
        grant("a/b/c", FileRole.READER);
        assertThat(names(bob, "")).containsExactly("a");
        assertThat(names(bob, "a")).containsExactly("b");
        assertThat(names(bob, "a/b")).containsExactly("c");
        assertThat(names(bob, "a/b/c")).containsExactly("deep.txt");
        assertThat(names(anna, "a/b")).containsExactly("c", "side.txt");
        grant("a/b/side.txt", FileRole.READER);
        assertThat(names(bob, "a/b")).containsExactly("c", "side.txt");
        assertThat(names(bob, "a")).containsExactly("b");
        assertHidden(() -> master.get(ShareNames.class).list(bob, at("a")));
        assertThat(master.get(Namespaces.class).of(bob))
                .extracting(Namespaces.NamespaceView::name)
                .containsExactly("anna", "bob");
    }

    @Test
    void aRoleOnAFileIsForThatFileOnly() {
        grant("a/other.txt", FileRole.EDITOR);
        put(bob, "a/other.txt");
        assertHidden(() -> put(bob, "a/more.txt"));
        assertHidden(() -> put(bob, "a/other.txt", OnConflict.RENAME));
        assertThat(put(anna, "a/other.txt", OnConflict.RENAME)).isEqualTo("a/other (2).txt");
    }

    @Test
    void aRoleOnAFileMakesNoFileBesideIt() throws Exception {
        grant("a/other.txt", FileRole.EDITOR);
        var unused = master.put("bob/mine.txt", master.blob("mine"), terms(bob, OnConflict.REPLACE));
        var mine = new FileAddress("bob", "mine.txt");
        var move = master.get(MoveNames.class);
        assertHidden(() -> move.move(bob, mine, at("a/other.txt"), OnConflict.RENAME));
        assertHidden(() -> ask(bob, "a/other.txt", OnConflict.RENAME));
        assertThat(master.rows("SELECT name FROM file WHERE name LIKE 'other%'"))
                .containsExactly("other.txt");
        grant("a", FileRole.READER);
        assertForbidden(() -> move.move(bob, mine, at("a/other.txt"), OnConflict.RENAME));
        assertForbidden(() -> ask(bob, "a/other.txt", OnConflict.RENAME));
        grant("a", FileRole.EDITOR);
        ask(bob, "a/other.txt", OnConflict.RENAME);
        assertThat(move.move(bob, mine, at("a/other.txt"), OnConflict.RENAME)).isEqualTo(at("a/other (2).txt"));
    }

    private void ask(Caller caller, String path, OnConflict onConflict) {
        var wish = new RequestUpload.Wish(
                at(path),
                1,
                Digests.NONE,
                Optional.empty(),
                terms(caller, onConflict),
                new RequestUpload.NodeChoice(Set.of(), Optional.empty()),
                Optional.empty());
        assertThat(master.get(RequestUpload.class)
                        .ask(caller, wish, Ticket.Operation.PUT)
                        .nodes())
                .isNotEmpty();
    }

    @Test
    void whatANamespaceKeepsIsToldToWhoHasARoleOnTheWholeOfIt() {
        var namespaces = master.get(Namespaces.class);
        assertThat(namespaces.get(anna, "anna").kept().orElseThrow().usage().files())
                .isEqualTo(4);
        assertThat(namespaces.get(master.admin(), "anna").kept()).isPresent();
        grant("a/other.txt", FileRole.EDITOR);
        grant("a/b", FileRole.MASTER);
        assertThat(namespaces.get(bob, "anna").kept()).isEmpty();
        assertThat(namespaces.of(bob))
                .extracting(seen -> seen.name() + " " + seen.kept().isPresent())
                .containsExactly("anna false", "bob true");
        grant("", FileRole.READER);
        assertThat(namespaces.get(bob, "anna").kept()).isPresent();
    }

    @Test
    void aGrantMovesWithItsThingAndEndsWithIt() throws Exception {
        grant("a/b", FileRole.READER);
        grant("top.txt", FileRole.READER);
        var move = master.get(MoveNames.class);
        var unused = move.move(anna, at("a/b"), at("moved"), OnConflict.FAIL);
        unused = move.move(anna, at("top.txt"), at("a/top.txt"), OnConflict.FAIL);
        assertThat(canRead(bob, "moved/c/deep.txt")).isTrue();
        assertThat(canRead(bob, "a/top.txt")).isTrue();
        put(anna, "a/b/side.txt");
        put(anna, "top.txt");
        assertThat(canRead(bob, "a/b/side.txt")).isFalse();
        assertThat(canRead(bob, "top.txt")).isFalse();
        put(anna, "a/top.txt");
        assertThat(canRead(bob, "a/top.txt")).as("a new version").isTrue();
        master.get(ChangeNames.class).removeFile(anna, at("a/top.txt"), Conditions.NONE);
        put(anna, "a/top.txt");
        assertThat(canRead(bob, "a/top.txt")).as("another file").isFalse();
        assertThat(master.count("SELECT COUNT(*) FROM grant_")).isEqualTo(1);
        assertThat(master.rows("SELECT user_name, role, namespace, path, granted_by FROM who_may"))
                .containsExactly("bob READER anna moved anna");
    }

    @Test
    void whatAnAccountWasGivenEndsWithIt() throws Exception {
        grant("a", FileRole.READER);
        grant("top.txt", FileRole.EDITOR);
        master.get(EditAccounts.class).remove("bob", Optional.empty());
        assertThat(master.count("SELECT COUNT(*) FROM grant_")).isZero();
        bob = master.user("bob");
        assertThat(canRead(bob, "top.txt")).isFalse();
    }

    @Test
    void mastersGrantAndRevokeBelowTheirOwnPathOnly() throws Exception {
        var carl = master.user("carl");
        var share = master.get(ShareNames.class);
        grant("a/b", FileRole.MASTER);
        share.grant(bob, at("a/b/c"), "carl", FileRole.MASTER);
        share.grant(bob, at("a/b"), "carl", FileRole.READER);
        assertHidden(() -> share.grant(bob, at("a"), "carl", FileRole.READER));
        assertRefused(FailureKind.CONFLICT, "conflict", () -> share.grant(bob, at("a/b"), "anna", FileRole.READER));
        assertForbidden(() -> share.grant(carl, at("a/b"), "carl", FileRole.MASTER));
        assertHidden(() -> share.grant(bob, at("a/b/nothing"), "carl", FileRole.READER));
        assertRefused(
                FailureKind.NOT_FOUND, "no-such-account", () -> share.grant(bob, at("a/b"), "nobody", FileRole.READER));
        assertThat(share.list(carl, at("a/b/c")))
                .extracting(permit -> permit.user() + " " + permit.role() + " " + permit.from())
                .containsExactly(
                        "anna OWNER anna", "bob MASTER anna/a/b", "carl READER anna/a/b", "carl MASTER anna/a/b/c");
        share.revoke(bob, at("a/b/c"), "carl");
        assertHidden(() -> share.revoke(bob, at("a/b/c"), "carl"));
        share.revoke(carl, at("a/b"), "carl");
        assertThat(canRead(carl, "a/b/side.txt")).isFalse();
        share.revoke(anna, at("a/b"), "bob");
        assertThat(canRead(bob, "a/b/side.txt")).isFalse();
    }

    @Test
    void whatARoleAllowsIsOneTable() {
        assertThat(FileRole.READER.allows(FileOperation.READ)).isTrue();
        for (FileOperation operation : FileOperation.values()) {
            boolean reads = operation == FileOperation.READ || operation == FileOperation.LIST;
            boolean writes = operation == FileOperation.PUT || operation == FileOperation.MAKE_FOLDER;
            assertThat(FileRole.READER.allows(operation)).as("%s", operation).isEqualTo(reads);
            assertThat(FileRole.EDITOR.allows(operation)).as("%s", operation).isEqualTo(reads || writes);
            assertThat(FileRole.MASTER.allows(operation)).isTrue();
            assertThat(FileRole.OWNER.allows(operation)).isTrue();
        }
        assertThat(FileRole.strongest(java.util.stream.Stream.of(FileRole.READER, FileRole.MASTER, FileRole.EDITOR)))
                .contains(FileRole.MASTER);
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> FileRole.parseGranted("owner"));
    }
}
