/**
 * The replicator worker: a process that takes tasks from the broker, moves the bytes between storage nodes and reports
 * what came back.
 *
 * <p>It owns no state: a worker that is killed loses nothing, because a task leaves its queue in the same transaction
 * that reports its outcome. This package is the boot room; it alone knows the system clock, arguments and exit codes.
 * The work is in {@link org.holdfast.worker.transfer}, the broker in {@link org.holdfast.worker.queue}, the eyes of the
 * operator in {@link org.holdfast.worker.health}.
 */
@NullMarked
package org.holdfast.worker;

import org.jspecify.annotations.NullMarked;
