package org.holdfast.master.mail;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OutsideTrust;

/**
 * Sends the mails of the outbox through SMTP, one at a time. At least once: a master that dies between the server's yes
 * and its own note sends again.
 */
@ApplicationScoped
public class SendMail {
    /** How often to call {@link #sendDue}. */
    public static final Duration EVERY = Duration.ofSeconds(2);

    private static final String PATIENCE_MILLIS = "20000";
    private static final Logger LOG = Logger.getLogger(SendMail.class.getName());

    @Inject
    Outbox outbox;

    @Inject
    LinkUrls links;

    @Inject
    MailConfig config;

    @Inject
    Clock clock;

    /** Sends what is due, until there is no more or an attempt fails. */
    public void sendDue() {
        boolean goOn = outbox.isOn();
        while (goOn) {
            goOn = outbox.claim().map(this::send).orElse(false);
        }
    }

    private boolean send(Outbox.Due mail) {
        String text = mail.linkId()
                .map(id -> mail.body()
                        .replace(Outbox.LINK, links.password(id))
                        .replace(Outbox.EMAIL_LINK, links.email(id)))
                .orElse(mail.body());
        try {
            Transport.send(message(mail, text));
        } catch (SendFailedException e) {
            // Addresses that the server does not take, by what it says.
            boolean forGood = e.getInvalidAddresses() != null && e.getInvalidAddresses().length > 0;
            outbox.failed(mail, reason(e), forGood);
            LOG.warning(() -> "a mail to " + mail.recipient() + " was refused: " + reason(e));
            return forGood;
        } catch (MessagingException e) {
            outbox.failed(mail, reason(e), false);
            LOG.warning(() -> "attempt " + mail.attempt() + " to send a mail failed: " + reason(e));
            return false;
        }
        outbox.sent(mail);
        return true;
    }

    private MimeMessage message(Outbox.Due mail, String text) throws MessagingException {
        var message = new MimeMessage(session());
        message.setFrom(new InternetAddress(config.from(), true));
        message.setRecipient(jakarta.mail.Message.RecipientType.TO, new InternetAddress(mail.recipient(), true));
        message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
        message.setText(text, StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(clock.instant()));
        // RFC 3834: nobody's absence note shall answer this.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.saveChanges();
        return message;
    }

    private Session session() throws MessagingException {
        String protocol = config.security() == MailConfig.Security.TLS ? "smtps" : "smtp";
        String prefix = "mail." + protocol + ".";
        var properties = new Properties();
        // The domain of message ids; without it they end in @localhost, or in this machine's name.
        properties.setProperty("mail.from", config.from());
        properties.setProperty("mail.transport.protocol", protocol);
        properties.setProperty("mail.transport.protocol.rfc822", protocol);
        properties.setProperty(prefix + "host", config.host().orElse(""));
        properties.setProperty(prefix + "port", Integer.toString(config.port()));
        for (String phase : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty(prefix + phase, PATIENCE_MILLIS);
        }
        boolean starttls = config.security() == MailConfig.Security.STARTTLS;
        properties.setProperty(prefix + "starttls.enable", Boolean.toString(starttls));
        properties.setProperty(prefix + "starttls.required", Boolean.toString(starttls));
        if (config.security() != MailConfig.Security.NONE) {
            properties.setProperty(prefix + "ssl.checkserveridentity", "true");
            properties.put(prefix + "ssl.socketFactory", trust().getSocketFactory());
        }
        Optional<MailConfig.Login> login = config.login();
        properties.setProperty(prefix + "auth", Boolean.toString(login.isPresent()));
        return Session.getInstance(
                properties, login.map(SendMail::authenticator).orElse(null));
    }

    private SSLContext trust() throws MessagingException {
        try {
            return OutsideTrust.ofTheJdkAnd(config.authorities());
        } catch (HoldfastException e) {
            throw new MessagingException("no mail server can be trusted", e);
        }
    }

    private static jakarta.mail.Authenticator authenticator(MailConfig.Login login) {
        return new jakarta.mail.Authenticator() {
            @Override
            protected jakarta.mail.PasswordAuthentication getPasswordAuthentication() {
                return new jakarta.mail.PasswordAuthentication(login.user(), login.password());
            }
        };
    }

    private static String reason(MessagingException failure) {
        Exception cause = failure.getNextException();
        String text = failure.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
