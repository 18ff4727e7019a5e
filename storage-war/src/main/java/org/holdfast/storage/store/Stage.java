package org.holdfast.storage.store;

/** How far a blob has come. Both stages are durable and readable. */
public enum Stage {
    /** No master has confirmed that a file is made of it; may still be refused. */
    UNCOMMITTED,
    /** A master knows it. */
    COMMITTED
}
