package org.holdfast.setup;

import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;

/**
 * How the components of one cluster talk to each other: within TLS, each with an identity of its own, or in plain text.
 *
 * @param certificates the identities; empty for plain text
 * @param reach where masters and nodes are
 */
record Transport(Optional<Certificates> certificates, Reach reach) {
    /** Plain text, for whoever wants to look into the talk. */
    static Transport plaintext(Reach reach) {
        return new Transport(Optional.empty(), reach);
    }

    /** TLS; from now on this JVM's own questions to components trust the cluster's authority alone. */
    static Transport tls(Certificates certificates, Reach reach) {
        HttpsURLConnection.setDefaultSSLSocketFactory(certificates.trust().getSocketFactory());
        return new Transport(Optional.of(certificates), reach);
    }

    /** The one that {@code setup/start} was asked for. */
    static Transport of(StartOptions options, DataDir data, java.security.SecureRandom random) {
        Reach reach = options.reach();
        return options.plaintext() ? plaintext(reach) : tls(Certificates.open(data, Clock.systemUTC(), random), reach);
    }

    /** What clients have to trust; empty in plain text. */
    Optional<Path> authority() {
        return certificates.map(Certificates::authorityPem);
    }

    /** The base URL of a master or a node. */
    String url(int port) {
        return reach.url(certificates.isPresent() ? "https" : "http", port);
    }

    /** The identity of a component; made when it has none yet. */
    Optional<KeyStoreFile> identity(String component) {
        return certificates.map(all -> all.ensure(component, reach.hosts()));
    }

    /** The settings that tell one of our processes who it is. */
    Map<String, String> settings(String component) {
        Map<String, String> settings = new LinkedHashMap<>();
        identity(component).ifPresent(identity -> {
            settings.put("holdfast.tls.key-store", identity.store().toString());
            settings.put("holdfast.tls.password-file", identity.passwordFile().toString());
        });
        return settings;
    }

    /** Where the broker is, as its clients are told: they show the JVM's own identity. */
    String brokerUrl(int port) {
        String url = "tcp://" + Reach.LOOPBACK + ":" + port;
        return certificates.isPresent() ? url + "?sslEnabled=true&useDefaultSslContext=true&verifyHost=true" : url;
    }

    /** Where the database is, as the JDBC driver is told. */
    String databaseUrl(int port) {
        String url = "jdbc:mariadb://" + Reach.LOOPBACK + ":" + port + "/" + MariaDb.DATABASE;
        return authority()
                .map(pem -> url + "?sslMode=verify-full&serverSslCert=" + pem)
                .orElse(url);
    }

    /** What the database server needs; empty in plain text. */
    Optional<MariaDb.Tls> database() {
        return certificates.map(all -> {
            all.ensure("mariadb", Reach.LOCAL);
            return new MariaDb.Tls(all.pemOf("mariadb"), all.keyOf("mariadb"), all.authorityPem());
        });
    }

    /** What people should know about certificates that end soon. */
    List<String> warnings() {
        return certificates.map(Certificates::warnings).orElse(List.of());
    }
}
