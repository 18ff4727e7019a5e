/**
 * Following the change log: the node learns from a master which files were deleted or overwritten, also while it was
 * away, so that bytes which should be gone never come back with it.
 */
@NullMarked
package org.holdfast.storage.catchup;

import org.jspecify.annotations.NullMarked;
