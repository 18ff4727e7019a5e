package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificates of one cluster, in {@code DATA/secrets/tls}: {@code authority.p12} signs them, {@code NAME.p12} is
 * NAME's identity. Only making certificates takes {@code authority.p12}, which may be kept elsewhere. MariaDB and curl read no key stores: a database's is in {@code NAME.pem} and {@code NAME.key} as well, a
 * user's wholly in {@code NAME.pem}. {@code DATA/ca.pem}, for everybody,
 * is what clients trust.
 *
 * @param directory {@code DATA/secrets/tls}
 * @param authorityPem {@code DATA/ca.pem}
 */
record Certificates(Path directory, Path authorityPem, Clock clock, SecureRandom random) {
    /** A component's certificate: with the day that it begins early, the most that browsers accept. */
    static final Duration COMPONENT_LIFE = Duration.ofDays(824);

    /** A person's, who may leave. */
    static final Duration USER_LIFE = Duration.ofDays(365);

    /** From here on people are warned; the components say the same in their logs and metrics. */
    static final Duration WARN_WITHIN = Duration.ofDays(30);

    /** With the authority everything ends, and everybody has to be told of the next one. */
    static final Duration WARN_OF_AUTHORITY_WITHIN = Duration.ofDays(180);

    private static final String AUTHORITY = "authority";

    private static final int PEM_LINE_CHARS = 64;

    /**
     * One line of the list.
     *
     * @param hosts by which it may be reached; empty for a user
     */
    record Entry(String name, CertificateRole role, List<String> hosts, Instant end) {}

    /** The certificates of a data directory; the authority is made when there never was one. */
    static Certificates open(DataDir data, Clock clock, SecureRandom random) {
        Certificates certificates =
                new Certificates(data.secrets().resolve("tls"), data.root().resolve("ca.pem"), clock, random);
        certificates.ensureAuthority();
        return certificates;
    }

    private void ensureAuthority() {
        KeyStoreFile file = KeyStoreFile.in(directory, AUTHORITY);
        try {
            PrivateDirectory.make(directory);
            if (!file.exists()) {
                if (Files.exists(authorityPem)) {
                    return;
                }
                requireNoIdentities();
                Authority fresh = Authority.create(clock.instant(), random);
                file.write(fresh.key(), fresh.certificate(), fresh.certificate(), random);
            }
            String pem = pem("CERTIFICATE", file.certificate().getEncoded());
            if (!Files.exists(authorityPem) || !Files.readString(authorityPem).equals(pem)) {
                Files.writeString(authorityPem, pem, UTF_8);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw Refusal.failed("cannot write the cluster's authority into " + directory, e);
        }
    }

    /** Those that there are would be strangers to a new authority. */
    private void requireNoIdentities() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            if (files.anyMatch(file -> file.toString().endsWith(".p12"))) {
                throw Refusal.failed("there are certificates in " + directory + ", but neither " + authorityPem
                        + " nor the authority.p12 that vouches for them; put one of the two back");
            }
        }
    }

    /**
     * The identity of a component on this machine; made when it is not there, or does not name a host.
     *
     * @param hosts by which it is reached besides its own name
     */
    KeyStoreFile ensure(String component, List<String> hosts) {
        CertificateRole role = CertificateRole.ofComponent(component)
                .orElseThrow(() -> Refusal.usage(component + " is no component of a local cluster"));
        KeyStoreFile file = KeyStoreFile.in(directory, component);
        boolean isGood = file.exists()
                && new HashSet<>(entry(component, file.certificate()).hosts()).containsAll(hosts);
        return isGood ? file : issue(role, component, hosts, COMPONENT_LIFE);
    }

    /**
     * Makes an identity, or replaces the one of that name.
     *
     * @param hosts by which it is reached besides its own name
     */
    KeyStoreFile issue(CertificateRole role, String name, List<String> hosts, Duration life) {
        if (name.equals(AUTHORITY) || !name.matches("[A-Za-z0-9][A-Za-z0-9@._-]{0,99}")) {
            throw Refusal.usage("no certificate can be made out to \"" + name + "\"");
        }
        if (role == CertificateRole.USER && CertificateRole.ofComponent(name).isPresent()) {
            throw Refusal.usage("the name " + name + " is kept for a component");
        }
        Set<String> all = new LinkedHashSet<>();
        if (role.isServer()) {
            all.add(name);
            all.addAll(hosts);
        }
        KeyStoreFile signer = KeyStoreFile.in(directory, AUTHORITY);
        if (!signer.exists()) {
            throw Refusal.failed(
                    "making a certificate takes the authority's key: put authority.p12 and authority.password"
                            + " back into " + directory);
        }
        Authority authority = new Authority(signer.key(), signer.certificate());
        Authority.Issued fresh =
                authority.issue(new Authority.Wish(role, name, List.copyOf(all), life), clock.instant(), random);
        KeyStoreFile file = KeyStoreFile.in(directory, name);
        file.write(fresh.key(), fresh.certificate(), authority.certificate(), random);
        writePem(role, name, fresh, authority.certificate());
        return file;
    }

    /** Replaces a certificate by one that says the same and begins now. */
    void renew(Entry old, Duration life) {
        issue(old.role(), old.name(), old.hosts(), life);
    }

    private void writePem(CertificateRole role, String name, Authority.Issued own, X509Certificate authority) {
        try {
            String chain =
                    pem("CERTIFICATE", own.certificate().getEncoded()) + pem("CERTIFICATE", authority.getEncoded());
            String key = pem("PRIVATE KEY", own.key().getEncoded());
            if (role == CertificateRole.USER) {
                PrivateFile.write(pemOf(name), chain + key);
            } else if (role == CertificateRole.DATABASE) {
                PrivateFile.write(pemOf(name), chain);
                PrivateFile.write(keyOf(name), key);
            }
        } catch (GeneralSecurityException e) {
            throw Refusal.failed("cannot encode the certificate of " + name, e);
        }
    }

    /** Certificate and authority of a database, with the key of a user. */
    Path pemOf(String name) {
        return directory.resolve(name + ".pem");
    }

    /** The key of a database. */
    Path keyOf(String name) {
        return directory.resolve(name + ".key");
    }

    /** All that were given out and are still here, by name. */
    List<Entry> list() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> file.endsWith(".p12"))
                    .map(file -> file.substring(0, file.length() - ".p12".length()))
                    .filter(name -> !name.equals(AUTHORITY))
                    .sorted()
                    .map(name -> entry(name, KeyStoreFile.in(directory, name).certificate()))
                    .toList();
        } catch (IOException e) {
            throw Refusal.failed("cannot list " + directory, e);
        }
    }

    /** When the authority ends, and with it whatever it has vouched for. */
    Instant authorityEnd() {
        return authority().getNotAfter().toInstant();
    }

    /** A sentence for each certificate that ends soon or has ended. */
    List<String> warnings() {
        Instant now = clock.instant();
        Stream<String> ofTheAuthority = Stream.of(authorityEnd())
                .filter(end -> end.isBefore(now.plus(WARN_OF_AUTHORITY_WITHIN)))
                .map(end -> "the cluster's authority" + ends(end, now)
                        + "; make another one, and all certificates anew, as after the loss of a key");
        Stream<String> ofTheOthers = list().stream()
                .filter(entry -> entry.end().isBefore(now.plus(WARN_WITHIN)))
                .map(entry -> "the certificate of " + entry.name() + ends(entry.end(), now)
                        + "; setup/certificates renew " + entry.name()
                        + (entry.role() == CertificateRole.USER ? "" : ", then restart it"));
        return Stream.concat(ofTheAuthority, ofTheOthers).toList();
    }

    private static String ends(Instant end, Instant now) {
        return (end.isAfter(now) ? " ends in " + Duration.between(now, end).toDays() + " days" : " has ended") + " ("
                + end + ")";
    }

    private X509Certificate authority() {
        try (InputStream pem = Files.newInputStream(authorityPem)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        } catch (IOException | GeneralSecurityException e) {
            throw Refusal.failed("cannot read " + authorityPem, e);
        }
    }

    /** Lets this JVM's HTTPS connections trust the cluster and nobody else. */
    SSLContext trust() {
        try {
            KeyStore authorities = KeyStore.getInstance("PKCS12");
            authorities.load(null, null);
            authorities.setCertificateEntry(AUTHORITY, authority());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw Refusal.failed("cannot trust " + authorityPem, e);
        }
    }

    private static Entry entry(String name, X509Certificate certificate) {
        try {
            CertificateRole role = Stream.of(
                            certificate.getSubjectX500Principal().getName().split(",", -1))
                    .filter(part -> part.startsWith("OU="))
                    .map(part -> CertificateRole.of(part.substring("OU=".length())))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElseThrow(() -> Refusal.failed("the certificate of " + name + " does not tell its role"));
            var names = Optional.ofNullable(certificate.getSubjectAlternativeNames())
                    .orElse(List.of());
            List<String> hosts = names.stream()
                    .map(alternative -> String.valueOf(alternative.get(1)))
                    .toList();
            return new Entry(name, role, hosts, certificate.getNotAfter().toInstant());
        } catch (GeneralSecurityException e) {
            throw Refusal.failed("cannot read the certificate of " + name, e);
        }
    }

    private static String pem(String kind, byte[] octets) {
        String text = Base64.getMimeEncoder(PEM_LINE_CHARS, new byte[] {'\n'}).encodeToString(octets);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }
}
