package org.holdfast.contract;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Whom a certificate of the cluster's authority speaks of: {@code CN} is the name, {@code OU} the role.
 *
 * @param role what its holder may be
 * @param name of the component, or of the account for {@link Role#USER}
 * @param notBefore when it begins to be good
 */
public record CertifiedName(Role role, String name, Instant notBefore) {
    /** Header by which a node that passes a join on tells the name in the joining node's certificate. */
    public static final String VOUCHED = "Holdfast-Vouched-Name";

    /** Header by which it tells when that certificate was made. */
    public static final String VOUCHED_SINCE = "Holdfast-Vouched-Since";

    /** Header by which a node that passes a request on tells the address of who sent it. */
    public static final String CLIENT = "Holdfast-Client-Address";

    /** So much earlier than it is made a certificate begins, for machines whose clock is behind; setup's authority knows. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    /** What the holder of a certificate may be. */
    public enum Role {
        MASTER,
        NODE,
        WORKER,
        BROKER,
        DATABASE,
        USER
    }

    /** Reads the subject; empty for one that is not of our making. Whether the certificate is good is TLS's business. */
    public static Optional<CertifiedName> of(X509Certificate certificate) {
        try {
            String unit = "";
            String name = "";
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                switch (part.getType().toUpperCase(Locale.ROOT)) {
                    case "OU" -> unit = String.valueOf(part.getValue());
                    case "CN" -> name = String.valueOf(part.getValue());
                    default -> {}
                }
            }
            for (Role role : Role.values()) {
                if (role.name().toLowerCase(Locale.ROOT).equals(unit) && !name.isEmpty()) {
                    return Optional.of(new CertifiedName(
                            role, name, certificate.getNotBefore().toInstant()));
                }
            }
            return Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    /**
     * Lets a caller pass whose certificate has one of these roles.
     *
     * @param shown the certificate of the connection, if any
     * @throws HoldfastException UNAUTHENTICATED {@code certificate-required} without one, FORBIDDEN {@code
     *     certificate-role} for another role
     */
    public static CertifiedName require(Optional<CertifiedName> shown, Set<Role> roles) {
        CertifiedName name = shown.orElseThrow(() -> HoldfastException.of(
                FailureKind.UNAUTHENTICATED,
                "certificate-required",
                "This endpoint answers callers with a certificate of the cluster only."));
        if (!roles.contains(name.role)) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN,
                    "certificate-role",
                    "The certificate of " + name + " does not let its holder call this endpoint.");
        }
        return name;
    }

    /**
     * Lets a caller pass whose certificate is made out to this name in this role.
     *
     * @param shown the certificate of the connection, if any
     * @throws HoldfastException UNAUTHENTICATED {@code certificate-required} without one, FORBIDDEN {@code
     *     certificate-role} or {@code certificate-name}
     */
    public static void require(Optional<CertifiedName> shown, Role role, String name) {
        CertifiedName found = require(shown, Set.of(role));
        if (!found.name.equals(name)) {
            throw otherName(found.name, name);
        }
    }

    /** The refusal of a certificate that is made out to somebody else. */
    public static HoldfastException otherName(String shown, String told) {
        return HoldfastException.of(
                FailureKind.FORBIDDEN,
                "certificate-name",
                "The certificate is made out to " + shown + " and not to " + told + ".");
    }

    /** When the certificate was made. */
    public Instant madeAt() {
        return notBefore.plus(BACKDATED);
    }

    /** {@code node sn1}. */
    @Override
    public String toString() {
        return role.name().toLowerCase(Locale.ROOT) + " " + name;
    }
}
