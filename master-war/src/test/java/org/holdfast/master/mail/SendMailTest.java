package org.holdfast.master.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.master.account.AccountTerms;
import org.holdfast.master.account.EditAccounts;
import org.holdfast.master.account.PasswordLinks;
import org.holdfast.master.account.Quota;
import org.holdfast.master.account.Role;
import org.holdfast.master.account.Validity;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Against a real SMTP server within this process. */
class SendMailTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @BeforeEach
    void start() {
        server.start();
        master.mail(config(server.getSmtp().getPort(), Optional.empty()));
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private static MailConfig config(int port, Optional<MailConfig.Login> login) {
        return new MailConfig(
                Optional.of("127.0.0.1"),
                port,
                "holdfast@example.org",
                login,
                MailConfig.Security.NONE,
                Optional.empty());
    }

    private EditAccounts.Made make(String name, String email) {
        return make(name, email, Optional.empty());
    }

    private EditAccounts.Made make(String name, String email, Optional<String> passwordHash) {
        return master.get(EditAccounts.class)
                .make(
                        name,
                        new AccountTerms(
                                Optional.of(email),
                                "Anna Kjær",
                                Role.USER,
                                new Validity(
                                        Optional.empty(),
                                        Optional.of(master.clock().instant().plus(Duration.ofDays(365)))),
                                false,
                                true,
                                Quota.UNLIMITED),
                        passwordHash);
    }

    private void sendDue() {
        master.get(SendMail.class).sendDue();
    }

    private List<String> states() throws Exception {
        return master.rows("SELECT state, attempt, LENGTH(body) > 0, reason IS NOT NULL FROM mail");
    }

    @Test
    void aNewAccountsOwnerGetsWhatIsNeededToSignInAndALinkThatWorks() throws Exception {
        var made = make("anna", "anna@example.org");
        assertThat(made.invitation().orElseThrow().url()).isEmpty();
        assertThat(master.rows("SELECT body FROM mail").get(0))
                .contains("{link}")
                .doesNotContain("password-links");
        sendDue();
        MimeMessage[] mails = server.getReceivedMessages();
        assertThat(mails).hasSize(1);
        assertThat(mails[0].getAllRecipients()[0].toString()).isEqualTo("anna@example.org");
        assertThat(mails[0].getFrom()[0].toString()).isEqualTo("holdfast@example.org");
        assertThat(mails[0].getMessageID()).endsWith("@example.org>");
        String text = (String) mails[0].getContent();
        assertThat(text)
                .contains(
                        "Hello Anna Kjær",
                        "user name:    anna",
                        "valid until:  2027-03-01 12:00 UTC",
                        "until 2026-03-04 12:00 UTC",
                        "http://127.0.0.1:7400/api/v1/password-links/");
        String token = text.replaceAll("(?s).*/password-links/(\\S+).*", "$1");
        var links = master.get(PasswordLinks.class);
        links.use(token, links.hash("anna's own password"));
        assertThat(states()).containsExactly("SENT 1 0 0");
        sendDue();
        assertThat(server.getReceivedMessages()).hasSize(1);
    }

    @Test
    void whoseAdministratorSetsThePasswordIsToldAllButThat() throws Exception {
        assertThat(make("anna", "anna@example.org", Optional.of("hash")).invitation())
                .isEmpty();
        sendDue();
        String text = (String) server.getReceivedMessages()[0].getContent();
        assertThat(text)
                .contains("user name:    anna", "valid until:  2027-03-01 12:00 UTC", "administrator")
                .doesNotContain("password-links", "{link}", "hash");
        assertThat(master.count("SELECT COUNT(*) FROM password_link")).isZero();
    }

    @Test
    void aMailWaitsWhileTheServerIsAway() throws Exception {
        int port = server.getSmtp().getPort();
        server.stop();
        var unused = make("anna", "anna@example.org");
        sendDue();
        assertThat(states()).containsExactly("WAITING 1 1 1");
        sendDue();
        assertThat(states()).as("not before its time").containsExactly("WAITING 1 1 1");
        master.clock().forward(Duration.ofSeconds(30));
        sendDue();
        assertThat(states()).containsExactly("WAITING 2 1 1");
        server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        master.clock().forward(Duration.ofSeconds(60));
        sendDue();
        assertThat(states()).containsExactly("SENT 3 0 0");
        assertThat(server.getReceivedMessages()).hasSize(1);
    }

    @Test
    void withoutAServerOrAnAddressTheAdministratorGetsTheLink() throws Exception {
        master.mail(
                new MailConfig(Optional.empty(), 25, "", Optional.empty(), MailConfig.Security.NONE, Optional.empty()));
        assertThat(make("anna", "anna@example.org").invitation().orElseThrow().url())
                .isPresent();
        assertThat(states()).isEmpty();
    }

    @Test
    void theMasterSignsInWhereTheServerWantsIt() throws Exception {
        var login = new MailConfig.Login("mailer", "mail secret");
        assertThat(login.toString()).doesNotContain("secret");
        master.mail(config(server.getSmtp().getPort(), Optional.of(login)));
        var unused = server.setUser("holdfast@example.org", "mailer", "another one");
        unused = server.setUser("anna@example.org", "anna", "anna's");
        server.getUserManager().setAuthRequired(true);
        assertThat(make("anna", "anna@example.org").account().name()).isEqualTo("anna");
        sendDue();
        assertThat(states()).containsExactly("WAITING 1 1 1");
        unused = server.setUser("holdfast@example.org", "mailer", "mail secret");
        master.clock().forward(Duration.ofSeconds(30));
        sendDue();
        assertThat(states()).containsExactly("SENT 2 0 0");
    }

    @Test
    void thePauseGrowsToAnHour() {
        assertThat(Outbox.pause(1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(Outbox.pause(4)).isEqualTo(Duration.ofMinutes(4));
        assertThat(Outbox.pause(8)).isEqualTo(Duration.ofHours(1));
        assertThat(Outbox.pause(60)).isEqualTo(Duration.ofHours(1));
    }
}
