/** Sees from the catalog, whichever master wrote it, what has changed of what people look at. Knows nothing of HTTP. */
@NullMarked
package org.holdfast.master.live;

import org.jspecify.annotations.NullMarked;
