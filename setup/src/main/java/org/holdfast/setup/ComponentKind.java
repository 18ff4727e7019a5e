package org.holdfast.setup;

/** The kinds of processes, in the order in which they end: who uses others goes before them. */
enum ComponentKind {
    NODE,
    WORKER,
    MASTER,
    BROKER,
    MARIADB
}
