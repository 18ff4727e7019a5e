package org.holdfast.contract;

import java.util.List;

/**
 * What one storage node and the masters share, and nobody else: with it they prove to each other who calls, the node
 * knows a master's ticket, and a master what the node has said of its copies. Its thief can pass for this node before
 * masters, and for a master before this node.
 */
public final class MemberKeys {
    private final SecretKeys secret;
    private final SecretKeys callsToMasters;
    private final SecretKeys callsOfMasters;
    private final SecretKeys tickets;
    private final SecretKeys clock;
    private final Receipts receipts;

    MemberKeys(SecretKeys secret) {
        this.secret = secret;
        // One for each direction: a call that a master has signed is none that the node could send back to it.
        this.callsToMasters = secret.derive("calls-to-masters");
        this.callsOfMasters = secret.derive("calls-of-masters");
        this.tickets = secret.derive("tickets");
        this.clock = secret.derive("clock");
        this.receipts = new Receipts(secret.derive("receipts"));
    }

    /** Reads the text form of {@link SecretKeys}; throws INVALID as it does. */
    public static MemberKeys parse(List<String> lines) {
        return new MemberKeys(SecretKeys.parse(lines));
    }

    /** The text form, for handing it to the node when it joins. */
    public List<String> lines() {
        return secret.lines();
    }

    /** Identifiers, the signing one first. */
    public List<String> ids() {
        return secret.ids();
    }

    /** Signs what the node asks of masters. */
    public SecretKeys callsToMasters() {
        return callsToMasters;
    }

    /** Signs what masters ask of the node. */
    public SecretKeys callsOfMasters() {
        return callsOfMasters;
    }

    /** Seals tickets that the node honours. */
    public SecretKeys tickets() {
        return tickets;
    }

    /** Seals the masters' time. */
    public SecretKeys clock() {
        return clock;
    }

    /** What the node says of its copies by way of workers. */
    public Receipts receipts() {
        return receipts;
    }

    @Override
    public String toString() {
        return "MemberKeys" + secret.ids();
    }
}
