/**
 * What somebody should look at: found by the leader, kept in the catalog, shown to administrators and mailed to them once
 * when it begins and once when it is over.
 */
@NullMarked
package org.holdfast.master.alarm;

import org.jspecify.annotations.NullMarked;
