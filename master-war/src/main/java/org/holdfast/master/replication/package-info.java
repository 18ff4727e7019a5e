/** Wanted copies, the tasks that make them, what came back, and what follows from it. */
@NullMarked
package org.holdfast.master.replication;

import org.jspecify.annotations.NullMarked;
