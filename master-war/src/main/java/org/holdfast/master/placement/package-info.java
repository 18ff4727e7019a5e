/**
 * Which storage nodes get which file: pure functions over what is known of the nodes.
 *
 * <p>Nothing here reads a clock, a database or the network; chance comes in as a
 * {@link java.util.random.RandomGenerator}, so that every decision can be repeated in a test.
 */
@NullMarked
package org.holdfast.master.placement;

import org.jspecify.annotations.NullMarked;
