package org.holdfast.master.account;

import java.util.Optional;

/**
 * An account goes away; observed within its transaction by whoever keeps something of it, or refuses.
 *
 * @param heir name of the account that gets what it owns
 */
public record AccountLeaves(Caller account, Optional<String> heir) {}
