package org.holdfast.master.mail;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How mails go out.
 *
 * @param host the mail server; empty: no mails are sent, and none are written
 * @param port where it takes mails
 * @param from address of the sender
 * @param login how to sign in there; empty: not at all
 * @param security how the connection is protected
 * @param authorities PEM file of those whose word on a mail server is good besides the JDK's
 */
public record MailConfig(
        Optional<String> host,
        int port,
        String from,
        Optional<Login> login,
        Security security,
        Optional<Path> authorities) {
    public MailConfig {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("holdfast.mail.port must be from 1 to 65535");
        }
        if (host.isPresent() && !from.matches("[^\\s@]+@[^\\s@]+")) {
            throw new IllegalArgumentException("holdfast.mail.from must be an e-mail address");
        }
    }

    /** Name and password at the mail server. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

    /** How the connection is protected. */
    public enum Security {
        /** Plain at first, then TLS; refused when the server can't. */
        STARTTLS,
        /** TLS from the first byte. */
        TLS,
        /** Not at all; for a server on the same machine. */
        NONE;

        /** Reads the setting's text. */
        public static Security parse(String text) {
            return switch (text) {
                case "starttls" -> STARTTLS;
                case "tls" -> TLS;
                case "none" -> NONE;
                default -> throw new IllegalArgumentException("holdfast.mail.security is starttls, tls or none");
            };
        }
    }
}
