/**
 * The node as a member of a cluster: how it joins, which masters and keys it knows, how landed bytes become a committed
 * version, and what becomes of those whose commit stayed unanswered.
 */
@NullMarked
package org.holdfast.storage.cluster;

import org.jspecify.annotations.NullMarked;
