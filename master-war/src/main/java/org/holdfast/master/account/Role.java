package org.holdfast.master.account;

/** What an account may do at all. */
public enum Role {
    /** Uses its own namespaces and what was shared with it. */
    USER,
    /** Sees and steers the whole cluster. */
    ADMINISTRATOR
}
