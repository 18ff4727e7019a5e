package org.holdfast.master.replication;

/** Event within a transaction: there are tasks to send once it has committed. */
public record TasksDue() {}
