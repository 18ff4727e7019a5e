/**
 * The work itself: copying a blob from one storage node to another, deleting one. Knows HTTP and the node protocol,
 * nothing of the broker. Every attempt ends in an {@link org.holdfast.contract.Outcome}, never in an exception; what
 * follows from it is the master's decision.
 */
@NullMarked
package org.holdfast.worker.transfer;

import org.jspecify.annotations.NullMarked;
