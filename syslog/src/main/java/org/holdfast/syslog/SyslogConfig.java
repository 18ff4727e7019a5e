package org.holdfast.syslog;

import com.cloudbees.syslog.Facility;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.jspecify.annotations.Nullable;

/**
 * Whom to tell.
 *
 * @param receiver where the syslog receiver listens
 * @param facility where it sorts what comes from here
 * @param authority file (PEM) with the certificates that vouch for a receiver within TLS; empty: those that this process
 *     trusts anyway, which for a member of a cluster is the cluster's own authority
 */
public record SyslogConfig(Receiver receiver, Facility facility, Optional<Path> authority) {
    private static final String URL = "holdfast.syslog.url";
    private static final String FACILITY = "holdfast.syslog.facility";
    private static final String AUTHORITY = "holdfast.syslog.ca-file";

    /** RFC 5426 and, for plain TCP, custom. */
    private static final int SYSLOG_PORT = 514;

    /** RFC 5425. */
    private static final int TLS_PORT = 6514;

    /** How the receiver is reached. */
    public enum Protocol {
        UDP,
        TCP,
        TLS
    }

    /** Where it listens. */
    public record Receiver(Protocol protocol, String host, int port) {
        /** {@code tls://logs.example.org:6514}, as in the setting. */
        @Override
        public String toString() {
            String name = host.contains(":") ? "[" + host + "]" : host;
            return protocol.name().toLowerCase(Locale.ROOT) + "://" + name + ":" + port;
        }
    }

    /**
     * What the settings say; empty without {@code holdfast.syslog.url}: nobody is told.
     *
     * @throws HoldfastException INVALID when they can't be understood
     */
    public static Optional<SyslogConfig> of(Function<String, Optional<String>> settings) {
        return settings.apply(URL)
                .filter(url -> !url.isBlank())
                .map(url -> new SyslogConfig(
                        receiver(url.strip()),
                        facility(settings.apply(FACILITY).orElse("local0")),
                        settings.apply(AUTHORITY).map(Path::of)));
    }

    private static Receiver receiver(String url) {
        try {
            URI uri = URI.create(url);
            Protocol protocol = Protocol.valueOf(String.valueOf(uri.getScheme()).toUpperCase(Locale.ROOT));
            String host = uri.getHost();
            if (host == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
                throw invalid(url, null);
            }
            int usual = protocol == Protocol.TLS ? TLS_PORT : SYSLOG_PORT;
            return new Receiver(protocol, host.replaceAll("[\\[\\]]", ""), uri.getPort() < 0 ? usual : uri.getPort());
        } catch (IllegalArgumentException e) {
            throw invalid(url, e);
        }
    }

    private static HoldfastException invalid(String url, @Nullable Exception cause) {
        String sentence = URL + " is udp://host:port, tcp://host:port or tls://host:port, not " + url + ".";
        return cause == null
                ? HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence)
                : HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence, cause);
    }

    private static Facility facility(String word) {
        return Arrays.stream(Facility.values())
                .filter(facility -> facility.label().equalsIgnoreCase(word.strip()))
                .findFirst()
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.INVALID,
                        "invalid-parameter",
                        FACILITY + " is a facility of syslog such as local0 or authpriv, not " + word + "."));
    }
}
