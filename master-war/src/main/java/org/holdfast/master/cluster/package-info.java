/** The storage nodes: joining, heartbeats, what each may be used for. */
@NullMarked
package org.holdfast.master.cluster;

import org.jspecify.annotations.NullMarked;
