package org.holdfast.master.account;

/** An account is made; observed within its transaction by whoever adds what belongs to it. */
public record AccountMade(Caller account) {}
