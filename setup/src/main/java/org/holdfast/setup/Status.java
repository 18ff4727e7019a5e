package org.holdfast.setup;

/**
 * What {@code setup/status} prints: the processes as the launcher sees them, then the storage nodes and the last events
 * as a master sees them.
 *
 * @param cluster the processes
 * @param transport knows which certificates end soon
 * @param masters who is asked
 */
record Status(Cluster cluster, Transport transport, MasterView masters) {
    String text() {
        String components = StatusTable.render(
                cluster.components().parallelStream().map(StatusTable.Row::of).toList());
        StringBuilder warnings = new StringBuilder();
        transport
                .warnings()
                .forEach(warning -> warnings.append("warning: ").append(warning).append('\n'));
        return components + warnings + masters.text();
    }
}
