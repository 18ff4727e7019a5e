package org.holdfast.master.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.mail.MailConfig;
import org.holdfast.master.mail.SendMail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Against a real SMTP server within this process. */
class NewEmailsTest {
    private static final String NEW = "anna@new.example";

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private Caller anna = new Caller(-1, "nobody", Role.USER, 0);
    private Caller bob = anna;

    @BeforeEach
    void twoPeopleAndAMailServer() throws Exception {
        server.start();
        mail(Optional.of("127.0.0.1"));
        anna = master.user("anna");
        bob = master.user("bob");
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private void mail(Optional<String> host) {
        master.mail(new MailConfig(
                host,
                server.getSmtp().getPort(),
                "holdfast@example.org",
                Optional.empty(),
                MailConfig.Security.NONE,
                Optional.empty()));
    }

    private AccountView change(Caller caller, String name, String email) {
        return master.get(EditAccounts.class)
                .change(
                        caller,
                        name,
                        there -> there.withEmail(Optional.of(email).filter(text -> !text.isEmpty())));
    }

    private AccountView change(Caller caller, String email) {
        return change(caller, caller.name(), email);
    }

    private AccountView confirm(Caller caller, String code) {
        return master.get(NewEmails.class).confirm(caller, caller.name(), code);
    }

    private Optional<String> waiting(AccountView account) {
        return account.newEmail(master.clock().instant());
    }

    private Optional<String> signsIn(String login) {
        return master.get(Accounts.class)
                .known(login)
                .map(account -> account.caller().name());
    }

    /** What has arrived at an address, the last mail last. */
    private List<String> mails(String recipient) throws Exception {
        master.get(SendMail.class).sendDue();
        var texts = new java.util.ArrayList<String>();
        for (MimeMessage mail : server.getReceivedMessages()) {
            if (Arrays.toString(mail.getAllRecipients()).equals("[" + recipient + "]")) {
                texts.add(mail.getSubject() + "\n" + mail.getContent());
            }
        }
        return texts;
    }

    private String code(String recipient) throws Exception {
        List<String> mails = mails(recipient);
        String last = mails.get(mails.size() - 1);
        assertThat(last).contains("http://127.0.0.1:7400/console/#/account/");
        return last.replaceAll("(?s).*/console/#/account/(\\S+).*", "$1");
    }

    private void assertNotValid(Caller caller, String code) {
        assertRefused(FailureKind.NOT_FOUND, "code-not-valid", () -> confirm(caller, code));
    }

    @Test
    void anAddressCountsWhenTheCodeThatWasSentThereIsShown() throws Exception {
        var unused = change(master.admin(), "anna", "anna@old.example");
        AccountView asked = change(anna, NEW);
        assertThat(asked.terms().email()).contains("anna@old.example");
        assertThat(waiting(asked)).contains(NEW);
        assertThat(signsIn(NEW)).isEmpty();
        assertThat(signsIn("anna@old.example")).contains("anna");
        assertThat(master.rows("SELECT body FROM mail").toString()).contains("{email-link}");

        String code = code(NEW);
        assertThat(mails(NEW).get(0)).contains("the account anna", "until 2026-03-04 12:00 UTC");
        AccountView confirmed = confirm(anna, code);
        assertThat(confirmed.terms().email()).contains(NEW);
        assertThat(waiting(confirmed)).isEmpty();
        assertThat(signsIn(NEW)).contains("anna");
        assertThat(signsIn("anna@old.example")).isEmpty();
        assertThat(mails("anna@old.example").get(0))
                .contains("the account anna", "another e-mail address", "tell an administrator")
                .doesNotContain(NEW);
        assertNotValid(anna, code);
    }

    @Test
    void theAnswerIsTheSameWhetherOrNotAnotherAccountHasTheAddress() throws Exception {
        var unused = change(master.admin(), "bob", "bob@example.org");
        unused = master.get(EditAccounts.class)
                .make("carl@example.org", AccountTerms.DEFAULT, Optional.of("hash"))
                .account();
        for (String taken : List.of("bob@example.org", "carl@example.org")) {
            AccountView asked = change(anna, taken);
            assertThat(asked.terms().email()).isEmpty();
            assertThat(waiting(asked)).contains(taken);
            assertThat(mails(taken))
                    .singleElement()
                    .satisfies(text -> assertThat(text)
                            .contains("the account anna", "Another account has it already")
                            .doesNotContain("/console/"));
        }
        assertThat(signsIn("bob@example.org")).contains("bob");
    }

    @Test
    void anAddressThatWaitsIsInNobodysWay() throws Exception {
        var unused = change(anna, NEW);
        String annas = code(NEW);
        assertThat(waiting(change(bob, NEW))).contains(NEW);
        String bobs = code(NEW);
        unused = master.get(EditAccounts.class)
                .make("carl", AccountTerms.DEFAULT.withEmail(Optional.of("carl@new.example")), Optional.of("hash"))
                .account();
        assertThat(confirm(bob, bobs).terms().email()).contains(NEW);
        assertRefused(FailureKind.CONFLICT, "conflict", () -> confirm(anna, annas));
        unused = change(anna, "carl@other.example");
        assertThat(change(master.admin(), "bob", "carl@other.example").terms().email())
                .contains("carl@other.example");
    }

    @Test
    void onlyTheLastCodeOfTheSameAccountIsGoodAndNotForEver() throws Exception {
        var unused = change(anna, NEW);
        String first = code(NEW);
        unused = change(anna, NEW);
        String second = code(NEW);
        assertThat(mails(NEW)).hasSize(2);
        assertNotValid(anna, first);
        assertNotValid(anna, "x.y.z");
        unused = change(bob, "bob@new.example");
        assertNotValid(bob, second);
        assertRefused(
                FailureKind.NOT_FOUND,
                "not-found",
                () -> master.get(NewEmails.class).confirm(bob, "anna", second));

        master.clock().forward(Duration.ofDays(3));
        assertThat(waiting(master.get(Accounts.class).view(anna, "anna"))).isEmpty();
        assertNotValid(anna, second);
    }

    @Test
    void whatWaitsIsGivenUpByCancellingAndByAnAdministratorsWord() throws Exception {
        var unused = change(anna, NEW);
        String code = code(NEW);
        master.get(NewEmails.class).cancel(anna, "anna");
        assertThat(waiting(master.get(Accounts.class).view(anna, "anna"))).isEmpty();
        assertNotValid(anna, code);
        assertRefused(
                FailureKind.NOT_FOUND,
                "not-found",
                () -> master.get(NewEmails.class).cancel(bob, "anna"));

        unused = change(anna, NEW);
        String later = code(NEW);
        assertThat(waiting(change(master.admin(), "anna", "anna@given.example")))
                .isEmpty();
        assertNotValid(anna, later);
        assertThat(signsIn("anna@given.example")).contains("anna");
    }

    @Test
    void linksToSetThePasswordEndWhenTheAddressCountsAndNotBefore() throws Exception {
        var links = master.get(PasswordLinks.class);
        String url = master.get(InvitePeople.class).invite("anna").url().orElseThrow();
        String token = url.substring(url.lastIndexOf('/') + 1);
        var unused = change(anna, NEW);
        assertThat(links.accountOf(token)).isEqualTo("anna");
        unused = confirm(anna, code(NEW));
        assertRefused(FailureKind.NOT_FOUND, "link-not-valid", () -> links.accountOf(token));
    }

    @Test
    void peopleTakeTheirAddressAwayAtOnce() throws Exception {
        var unused = change(master.admin(), "anna", "anna@old.example");
        assertThat(change(anna, "").terms().email()).isEmpty();
        assertThat(signsIn("anna@old.example")).isEmpty();
        assertThat(mails(NEW)).isEmpty();
    }

    @Test
    void nobodyFillsTheMailboxesOfOthers() throws Exception {
        for (int i = 0; i < ThrottleConfig.DEFAULT.pairFree(); i++) {
            var unused = change(anna, "stranger" + i + "@example.org");
        }
        assertRefused(FailureKind.THROTTLED, "too-many-attempts", () -> change(anna, NEW));
        assertThat(mails(NEW)).isEmpty();
        assertThat(waiting(change(bob, "bob@new.example"))).isPresent();
        master.clock().forward(Duration.ofSeconds(1));
        assertThat(waiting(change(anna, NEW))).contains(NEW);
        assertRefused(FailureKind.THROTTLED, "too-many-attempts", () -> change(anna, NEW));
        master.get(Throttle.class).lift(anna.accountId());
        assertThat(waiting(change(anna, NEW))).contains(NEW);
    }

    @Test
    void whereNoMailsAreSentAdministratorsAloneChangeAddresses() throws Exception {
        mail(Optional.empty());
        assertRefused(FailureKind.FORBIDDEN, "email-by-administrator", () -> change(anna, NEW));
        assertThat(waiting(master.get(Accounts.class).view(anna, "anna"))).isEmpty();
        assertThat(change(master.admin(), "anna", NEW).terms().email()).contains(NEW);
        assertThat(change(anna, "").terms().email()).isEmpty();
        assertThat(change(master.admin(), "admin", "admin@example.org").terms().email())
                .contains("admin@example.org");
    }
}
