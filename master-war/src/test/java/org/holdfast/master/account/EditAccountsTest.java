package org.holdfast.master.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.api.RemoveUser;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EditAccountsTest {
    private static final Client HERE = Client.of("10.0.0.1", "test");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private EditAccounts edit() {
        return master.get(EditAccounts.class);
    }

    private static AccountTerms terms(String email, Role role) {
        return new AccountTerms(
                Optional.of(email).filter(text -> !text.isEmpty()),
                "",
                role,
                Validity.UNLIMITED,
                false,
                false,
                Quota.UNLIMITED);
    }

    private void assertConflict(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertRefused(FailureKind.CONFLICT, code, call);
    }

    @Test
    void anAccountComesWithItsNamespaceOrNotAtAll() throws Exception {
        var made = edit().make("anna", terms("anna@example.org", Role.USER), Optional.of("hash"));
        assertThat(made.invitation()).isEmpty();
        assertThat(made.account().terms().email()).contains("anna@example.org");
        assertThat(master.rows("SELECT n.name, a.name FROM namespace n JOIN account a ON a.id = n.owner_id"
                        + " WHERE n.name = 'anna'"))
                .containsExactly("anna anna");
        master.namespace("team", 1);
        assertConflict("conflict", () -> edit().make("team", AccountTerms.DEFAULT, Optional.of("hash")));
        assertThat(master.count("SELECT COUNT(*) FROM account WHERE name = 'team'"))
                .isZero();
        assertRefused(
                FailureKind.INVALID,
                "invalid-name",
                () -> edit().make("No Name", AccountTerms.DEFAULT, Optional.of("")));
    }

    @Test
    void namesAndAddressesPointToOneAccountOnly() throws Exception {
        var unused = edit().make("anna", terms("anna@example.org", Role.USER), Optional.of("hash"));
        assertConflict("conflict", () -> edit().make("anna", AccountTerms.DEFAULT, Optional.of("hash")));
        assertConflict("conflict", () -> edit().make("bob", terms("anna@example.org", Role.USER), Optional.of("hash")));
        assertConflict("conflict", () -> edit().make("anna@example.org", AccountTerms.DEFAULT, Optional.of("hash")));
        unused = edit().make("bob@example.org", AccountTerms.DEFAULT, Optional.of("hash"));
        assertConflict(
                "conflict", () -> edit().change(master.admin(), "anna", there -> terms("bob@example.org", Role.USER)));
        assertThat(edit().change(master.admin(), "anna", there -> there).terms().email())
                .contains("anna@example.org");
    }

    @Test
    void peopleChangeNothingElseOfTheirAccounts() throws Exception {
        var anna = master.user("anna");
        var changed = edit().change(
                        anna,
                        "anna",
                        there -> new AccountTerms(
                                there.email(),
                                "Anna",
                                there.role(),
                                there.validity(),
                                there.suspended(),
                                there.mustSetPassword(),
                                there.quota()));
        assertThat(changed.terms().displayName()).isEqualTo("Anna");
        assertRefused(
                FailureKind.FORBIDDEN,
                "forbidden",
                () -> edit().change(anna, "anna", there -> terms("", Role.ADMINISTRATOR)));
        assertRefused(
                FailureKind.FORBIDDEN,
                "forbidden",
                () -> edit().change(
                                anna,
                                "anna",
                                there -> new AccountTerms(
                                        there.email(),
                                        "",
                                        there.role(),
                                        there.validity(),
                                        false,
                                        false,
                                        new Quota(Optional.of(1L), Optional.empty()))));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> edit().change(anna, "admin", there -> there));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> edit().change(anna, "nobody", there -> there));
    }

    @Test
    void anAdministratorIsLeftWhateverHappensAtOnce() throws Exception {
        assertConflict(
                "last-administrator", () -> edit().change(master.admin(), "admin", there -> terms("", Role.USER)));
        assertConflict("last-administrator", () -> edit().remove("admin", Optional.empty()));
        master.sql("UPDATE account SET password_hash = 'hash'");
        var unused = edit().make("invited", terms("", Role.ADMINISTRATOR), Optional.empty());
        assertConflict("last-administrator", () -> edit().remove("admin", Optional.empty()));
        unused = edit().make("root", terms("", Role.ADMINISTRATOR), Optional.of("hash"));
        var outcomes = AtOnce.run(2, i -> () -> {
            try {
                return org.holdfast.master.database.Contention.retry(() ->
                                edit().change(master.admin(), i == 0 ? "admin" : "root", there -> terms("", Role.USER)))
                        .name();
            } catch (org.holdfast.contract.HoldfastException e) {
                return e.code();
            }
        });
        assertThat(outcomes).contains("last-administrator");
        assertThat(master.count("SELECT COUNT(*) FROM account WHERE role = 'ADMINISTRATOR' AND name <> 'invited'"))
                .isEqualTo(1);
        assertThat(edit().makeFirstAdministrator("admin", "a password")).isEmpty();
    }

    @Test
    void whatIsRefusedHandsNothingOn() throws Exception {
        var unused = TestNodes.running(master, "sn1");
        assertThat(master.put("admin/a.txt").version()).isEqualTo(1);
        var bob = master.user("bob");
        var remove = master.get(RemoveUser.class);
        assertConflict("last-administrator", () -> remove.remove(master.admin(), "admin", Optional.of("bob"), false));
        assertThat(master.rows("SELECT name FROM namespace WHERE owner_id = ?", bob.accountId()))
                .containsExactly("bob");
        var anna = master.user("anna");
        assertThat(master.put("anna/a.txt").version()).isEqualTo(1);
        for (String heir : new String[] {"nobody", "anna"}) {
            assertThatThrownBy(() -> remove.remove(master.admin(), "anna", Optional.of(heir), false))
                    .as(heir)
                    .isInstanceOf(HoldfastException.class);
        }
        assertThat(master.get(Accounts.class).require("anna")).isEqualTo(anna);
    }

    @Test
    void linksThatWentToAnotherAddressEnd() throws Exception {
        var made = edit().make("anna", AccountTerms.DEFAULT, Optional.empty());
        var links = master.get(PasswordLinks.class);
        String token = token(made.invitation().orElseThrow());
        var unused = edit().change(master.admin(), "anna", there -> terms("", Role.USER));
        assertThat(links.accountOf(token)).isEqualTo("anna");
        unused = edit().change(master.admin(), "anna", there -> terms("anna@example.org", Role.USER));
        assertRefused(FailureKind.NOT_FOUND, "link-not-valid", () -> links.accountOf(token));
    }

    @Test
    void whoOwnsFilesIsDeletedOnlyWhenTheyAreHandedOnOrDeletedToo() throws Exception {
        var unused = TestNodes.running(master, "sn1");
        for (String name : new String[] {"anna", "bob", "carl"}) {
            var made = master.user(name);
            var reply = master.put(made.name() + "/deep/er/a.txt");
            assertThat(reply.version()).isEqualTo(1);
        }
        var remove = master.get(RemoveUser.class);
        assertConflict("owns-files", () -> edit().remove("anna", Optional.empty()));
        assertThat(master.get(Accounts.class).require("anna").name()).isEqualTo("anna");
        remove.remove(master.admin(), "anna", Optional.of("bob"), false);
        assertThat(master.rows("SELECT n.name FROM namespace n JOIN account a ON a.id = n.owner_id"
                        + " WHERE a.name = 'bob' ORDER BY 1"))
                .containsExactly("anna", "bob");
        remove.remove(master.admin(), "bob", Optional.empty(), true);
        assertThat(master.count("SELECT COUNT(*) FROM namespace WHERE name IN ('anna', 'bob')"))
                .isZero();
        assertThat(master.count("SELECT COUNT(*) FROM file")).isEqualTo(1);
        assertThat(master.rows("SELECT name LIKE 'bob (deleted %)', password_hash FROM account WHERE name LIKE 'bob%'"))
                .containsExactly("1 -");
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> edit().remove("bob", Optional.empty()));
        assertThat(edit().make("bob", AccountTerms.DEFAULT, Optional.of("hash"))
                        .account()
                        .name())
                .isEqualTo("bob");
    }

    @Test
    void aLinkSetsThePasswordOnce() throws Exception {
        var made = edit().make("anna", AccountTerms.DEFAULT, Optional.empty());
        assertThat(made.account().state(master.clock().instant())).isEqualTo("passwordless");
        var links = master.get(PasswordLinks.class);
        String token = token(made.invitation().orElseThrow());
        String second = token(master.get(InvitePeople.class).invite("anna"));
        assertThat(master.rows("SELECT * FROM password_link").toString()).doesNotContain(token);
        assertThat(links.accountOf(token)).isEqualTo("anna");
        assertThat(links.accountOf(token)).as("looking uses nothing up").isEqualTo("anna");
        links.use(token, links.hash("a new password"));
        assertRefused(FailureKind.NOT_FOUND, "link-not-valid", () -> links.use(token, "x"));
        assertRefused(FailureKind.NOT_FOUND, "link-not-valid", () -> links.accountOf(second));
        assertRefused(FailureKind.NOT_FOUND, "link-not-valid", () -> links.accountOf("x.y.z"));
        master.get(ChangePassword.class).change("anna", "a new password", "another one", HERE);
        String late = token(master.get(InvitePeople.class).invite("anna"));
        master.clock().forward(Duration.ofDays(3));
        assertRefused(FailureKind.NOT_FOUND, "link-not-valid", () -> links.accountOf(late));
    }

    private static String token(InvitePeople.Invitation invitation) {
        assertThat(invitation.toString()).doesNotContain("http");
        String url = invitation.url().orElseThrow();
        assertThat(url).startsWith("http://127.0.0.1:7400" + PasswordLinks.PATH);
        return url.substring(url.lastIndexOf('/') + 1);
    }
}
