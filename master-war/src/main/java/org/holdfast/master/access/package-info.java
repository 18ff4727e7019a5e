/** Who may do what: callers, access levels, tickets for storage nodes. */
@NullMarked
package org.holdfast.master.access;

import org.jspecify.annotations.NullMarked;
