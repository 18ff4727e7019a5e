package org.holdfast.setup;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** What the holder of a certificate may be; the certificate says so in its {@code OU}. */
enum CertificateRole {
    MASTER,
    NODE,
    WORKER,
    BROKER,
    DATABASE,
    USER;

    /** {@code OU} of the subject. */
    String unit() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@link #unit()} back. */
    static Optional<CertificateRole> of(String unit) {
        return List.of(values()).stream()
                .filter(role -> role.unit().equals(unit))
                .findFirst();
    }

    /** The role of a component that setup/start knows by its name. */
    static Optional<CertificateRole> ofComponent(String name) {
        return switch (name.replaceFirst("\\d+$", "")) {
            case "m" -> Optional.of(MASTER);
            case "sn" -> Optional.of(NODE);
            case "worker" -> Optional.of(WORKER);
            case "broker" -> Optional.of(BROKER);
            case "mariadb" -> Optional.of(DATABASE);
            default -> Optional.empty();
        };
    }

    /** A person cannot pose as a server, nor the database as a client. */
    KeyPurposeId[] purposes() {
        return switch (this) {
            case MASTER, NODE, WORKER ->
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
            case BROKER, DATABASE -> new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth};
            case USER -> new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
        };
    }

    /** Whether others find it by a host name. */
    boolean isServer() {
        return this != USER;
    }
}
