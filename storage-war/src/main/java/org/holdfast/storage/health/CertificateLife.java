package org.holdfast.storage.health;

import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long this node's certificate is still good.
 *
 * @param daysLeft negative when it has ended; empty without TLS
 */
public record CertificateLife(Optional<LongSupplier> daysLeft) {}
