package org.holdfast.master.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.holdfast.master.fixture.SelfSigned;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From a master that trusts its cluster's authority only, to a real SMTP server that is nobody of the cluster's. */
class SendMailWithinTlsTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    @TempDir
    Path folder;

    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final SelfSigned mailServer = SelfSigned.of("CN=mail server", "localhost");
    private final SSLContext before;

    SendMailWithinTlsTest() throws Exception {
        before = SSLContext.getDefault();
    }

    @BeforeEach
    void start() throws Exception {
        server.start();
        SelfSigned.of("CN=m1,OU=master", "localhost").identity(folder).install();
    }

    @AfterEach
    void stop() {
        SSLContext.setDefault(before);
        server.stop();
    }

    /** What became of a mail, after one attempt. */
    private String send(MailConfig.Security security, SelfSigned shown, Optional<Path> authorities) throws Exception {
        try (var front =
                new TlsFront(shown.serverContext(), security, server.getSmtp().getPort())) {
            master.mail(new MailConfig(
                    Optional.of("localhost"),
                    front.port(),
                    "holdfast@example.org",
                    Optional.empty(),
                    security,
                    authorities));
            var unused = master.transactions().run(jakarta.transaction.Transactional.TxType.REQUIRED, () -> {
                master.get(Outbox.class).add("anna@example.org", "subject", "text", Optional.empty());
                return true;
            });
            master.get(SendMail.class).sendDue();
        }
        return master.rows("SELECT state, reason FROM mail").get(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = MailConfig.Security.class,
            names = {"STARTTLS", "TLS"})
    void aServerThatATrustedAuthorityVouchesForGetsTheMail(MailConfig.Security security) throws Exception {
        assertThat(send(security, mailServer, Optional.of(mailServer.pem(folder))))
                .isEqualTo("SENT -");
        assertThat(server.getReceivedMessages()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = MailConfig.Security.class,
            names = {"STARTTLS", "TLS"})
    void aServerThatNobodyVouchesForGetsNothing(MailConfig.Security security) throws Exception {
        assertThat(send(security, mailServer, Optional.empty()))
                .startsWith("WAITING")
                .contains("unable to find valid certification path");
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = MailConfig.Security.class,
            names = {"STARTTLS", "TLS"})
    void aServerOfAnotherNameGetsNothing(MailConfig.Security security) throws Exception {
        var other = SelfSigned.of("CN=another server", "another.example.org");
        assertThat(send(security, other, Optional.of(other.pem(folder)))).startsWith("WAITING");
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void aFileOfAuthoritiesThatIsNotThereKeepsTheMailWaiting() throws Exception {
        assertThat(send(MailConfig.Security.TLS, mailServer, Optional.of(folder.resolve("nothing.pem"))))
                .startsWith("WAITING")
                .contains("nothing.pem");
        master.clock().forward(Duration.ofSeconds(30));
        assertThat(server.getReceivedMessages()).isEmpty();
    }
}
