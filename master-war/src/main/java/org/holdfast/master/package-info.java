/**
 * The master: keeps the catalog, picks primaries, watches the storage nodes and sends work to the workers.
 *
 * <p>Dependencies run one way: {@code boot} and {@code api} → {@code catalog} → {@code replication} → {@code cluster} →
 * {@code placement}; {@code boot} and {@code api} → {@code verification} → {@code catalog}; {@code account} and
 * {@code database} serve them all, {@code mail} serves {@code account}. {@code alarm} and {@code live} look at all of that,
 * and only {@code boot} and {@code api} look at them.
 */
@NullMarked
package org.holdfast.master;

import org.jspecify.annotations.NullMarked;
