package org.holdfast.master.access;

import java.util.Optional;
import org.holdfast.contract.TlsIdentity;

/**
 * Who this master is within TLS.
 *
 * @param identity empty for plain text; with it, members must show certificates
 */
public record TlsConfig(Optional<TlsIdentity> identity) {
    /** Plain text, for looking into the talk and for tests. */
    public static final TlsConfig PLAINTEXT = new TlsConfig(Optional.empty());
}
