/**
 * What nodes hold is proved, not believed: a node that returns shows it before it is used, and the scrub reads every
 * copy again from time to time. All of it is the leader's work; each round over the network is outside of transactions,
 * each transaction begins by making sure that this master still leads.
 */
@NullMarked
package org.holdfast.master.verification;

import org.jspecify.annotations.NullMarked;
