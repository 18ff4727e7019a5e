/**
 * The worker's side of the broker: slots that take tasks and report outcomes in one transaction, and the progress
 * beat.
 *
 * <p>Every slot has a connection of its own and makes a new one, for ever, when it breaks. The broker then delivers the
 * task again; tasks are idempotent.
 */
@NullMarked
package org.holdfast.worker.queue;

import org.jspecify.annotations.NullMarked;
