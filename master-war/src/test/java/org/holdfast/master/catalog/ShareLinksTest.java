package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Client;
import org.holdfast.master.account.EditAccounts;
import org.holdfast.master.account.LinkPasswords;
import org.holdfast.master.account.Role;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShareLinksTest {
    private static final Client CLIENT = Client.of("127.0.0.1", "test");
    private static final String PASSWORD = "a word of its own";

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private Caller anna = new Caller(-1, "nobody", Role.USER, 0);
    private Caller bob = anna;

    @BeforeEach
    void twoPeopleAndSomeFiles() throws Exception {
        var unused = TestNodes.running(master, "sn1");
        anna = master.user("anna");
        bob = master.user("bob");
        master.put("anna/a/b/deep.txt");
        master.put("anna/top.txt");
    }

    private static FileAddress at(String path) {
        return new FileAddress("anna", path);
    }

    private ShareLinks links() {
        return master.get(ShareLinks.class);
    }

    private String make(Caller caller, String path) {
        return links().make(caller, at(path), inAWeek(), Optional.empty());
    }

    private Instant inAWeek() {
        return master.clock().instant().plus(ShareLinks.LIFE);
    }

    private ShareLinks.Opened open(String id) {
        return links().open(links().token(id));
    }

    private static void assertNotValid(ThrowingCallable call) {
        assertRefused(FailureKind.NOT_FOUND, "link-not-valid", call);
    }

    @Test
    void itLeadsToAFileOrAFolderWhereverThatMoves() throws Exception {
        String file = make(anna, "top.txt");
        String folder = make(anna, "a");
        assertThat(open(file).address()).isEqualTo(at("top.txt"));
        assertThat(open(file).isFolder()).isFalse();
        assertThat(open(folder).address()).isEqualTo(at("a"));
        assertThat(open(folder).isFolder()).isTrue();
        master.sql("UPDATE file SET name = 'moved.txt' WHERE name = 'top.txt'");
        assertThat(open(file).address()).isEqualTo(at("moved.txt"));
        master.sql("DELETE FROM share_link WHERE id = '" + folder + "'");
        assertNotValid(() -> open(folder));
    }

    @Test
    void itEndsInTimeByHandAndWithWhatItLeadsTo() {
        String link = make(anna, "top.txt");
        master.clock().forward(Duration.ofMillis(1));
        String other = make(anna, "top.txt");
        assertThat(links().list(anna, at("top.txt")))
                .extracting(ShareLinks.View::id)
                .containsExactly(other, link);
        links().end(anna, at("top.txt"), other);
        assertNotValid(() -> open(other));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> links().end(anna, at("top.txt"), other));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> links().end(anna, at("a"), link));
        String third = make(anna, "a/b/deep.txt");
        master.get(ChangeNames.class).removeFile(anna, at("a/b/deep.txt"), Conditions.NONE);
        assertNotValid(() -> open(third));
        master.clock().forward(ShareLinks.LIFE);
        assertNotValid(() -> open(link));
        assertThat(links().list(anna, at("top.txt"))).isEmpty();
    }

    @Test
    void itEndsWithItsMakersRight() throws Exception {
        ShareNames share = master.get(ShareNames.class);
        share.grant(anna, at("a"), "bob", FileRole.MASTER);
        String link = make(bob, "a/b");
        assertThat(open(link).address()).isEqualTo(at("a/b"));
        share.grant(anna, at("a"), "bob", FileRole.EDITOR);
        assertNotValid(() -> open(link));
        share.grant(anna, at("a"), "bob", FileRole.MASTER);
        assertThat(open(link).maker()).isEqualTo(bob);
        master.sql("UPDATE account SET suspended = 1 WHERE name = 'bob'");
        assertNotValid(() -> open(link));
    }

    @Test
    void itEndsWithItsMakersAccount() throws Exception {
        master.get(ShareNames.class).grant(anna, at("a"), "bob", FileRole.MASTER);
        String link = make(bob, "a/b");
        String other = make(anna, "a/b");
        String text = links().token(link);
        master.get(EditAccounts.class).remove("bob", Optional.empty());
        assertNotValid(() -> links().open(text));
        assertThat(master.rows("SELECT id FROM share_link")).containsExactly(other);
        // Nor does it come back with another account of that name.
        var unused = master.user("bob");
        assertNotValid(() -> links().open(text));
    }

    @Test
    void onlyWhoMayLetOthersInMakesSeesAndEndsOne() {
        String link = make(anna, "a");
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> make(bob, "a"));
        master.get(ShareNames.class).grant(anna, at("a"), "bob", FileRole.EDITOR);
        assertRefused(FailureKind.FORBIDDEN, "forbidden", () -> make(bob, "a"));
        assertRefused(FailureKind.FORBIDDEN, "forbidden", () -> links().list(bob, at("a")));
        assertRefused(FailureKind.FORBIDDEN, "forbidden", () -> links().end(bob, at("a"), link));
    }

    @Test
    void itHasAnEndThatIsNotTooFarAway() {
        for (Duration life : new Duration[] {Duration.ZERO, Duration.ofDays(-1), ShareLinks.LONGEST.plusSeconds(1)}) {
            assertRefused(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    () -> links().make(anna, at("a"), master.clock().instant().plus(life), Optional.empty()));
        }
    }

    @Test
    void nobodyMakesOneUpAndNoOtherSealWillDo() {
        String token = links().token(make(anna, "a"));
        for (String forged : new String[] {
            "",
            "x",
            token + "x",
            token.substring(1),
            token.replace('.', ' '),
            "../../etc/passwd",
            token.toLowerCase(Locale.ROOT)
        }) {
            assertNotValid(() -> links().open(forged));
        }
        assertNotValid(() -> links().open(links().token("01ARZ3NDEKTSV4RRFFQ69G5FZZ")));
        assertThat(master.get(LinkPasswords.class).isGood(token, "01ARZ3NDEKTSV4RRFFQ69G5FZZ"))
                .isFalse();
    }

    @Test
    void itsPasswordIsAskedForAndGuessersWait() {
        LinkPasswords passwords = master.get(LinkPasswords.class);
        String id = links().make(anna, at("a"), inAWeek(), Optional.of(passwords.hash(PASSWORD)));
        String hash = open(id).passwordHash().orElseThrow();
        assertThat(hash).doesNotContain(PASSWORD);
        String pass = passwords.pass(id, PASSWORD, hash, CLIENT);
        assertThat(passwords.isGood(pass, id)).isTrue();
        assertThat(passwords.isGood(pass, make(anna, "a"))).isFalse();
        master.clock().forward(LinkPasswords.PASS_LIFE);
        assertThat(passwords.isGood(pass, id)).isFalse();
        for (int guess = 0; guess < 5; guess++) {
            assertRefused(
                    FailureKind.UNAUTHENTICATED,
                    "link-password-required",
                    () -> passwords.pass(id, "another word", hash, CLIENT));
        }
        assertRefused(FailureKind.THROTTLED, "too-many-attempts", () -> passwords.pass(id, PASSWORD, hash, CLIENT));
    }
}
