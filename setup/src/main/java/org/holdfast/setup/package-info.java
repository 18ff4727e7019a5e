/**
 * Starts, watches and stops a whole cluster on one machine: MariaDB, the Artemis broker, masters, storage nodes and
 * workers, each as its own process, all on loopback.
 *
 * <p>Room by room: {@link org.holdfast.setup.Main} reads the command line; {@link org.holdfast.setup.Cluster} knows
 * the order in which components come and go; {@link org.holdfast.setup.Component} is one process with its log, its pid
 * file and its readiness; {@link org.holdfast.setup.ControlServer} lets the scripts beside this module talk to the
 * running launcher. {@link org.holdfast.setup.MariaDb}, {@link org.holdfast.setup.Broker} and
 * {@link org.holdfast.setup.BrokerProcess} serve the tests of the other modules too, so that there is one piece of code
 * that starts a real database and a real broker.
 *
 * <p>The launcher owns no data. Everything it needs to find again (pids, the control port) is in {@code DATA/run},
 * everything secret in {@code DATA/secrets}, readable by the owner alone.
 */
@NullMarked
package org.holdfast.setup;

import org.jspecify.annotations.NullMarked;
