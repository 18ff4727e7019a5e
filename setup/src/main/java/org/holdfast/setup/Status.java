package org.holdfast.setup;

/**
 * What {@code setup/status} prints: the processes as the launcher sees them, then the storage nodes and the last events
 * as a master sees them.
 *
 * @param cluster the processes
 * @param masters who is asked
 */
record Status(Cluster cluster, MasterView masters) {
    String text() {
        String components = StatusTable.render(
                cluster.components().parallelStream().map(StatusTable.Row::of).toList());
        return components + masters.text();
    }
}
