package org.holdfast.master.account;

/** An account goes away; observed within its transaction by whoever keeps something of it, or refuses. */
public record AccountLeaves(Caller account) {}
