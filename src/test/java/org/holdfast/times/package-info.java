/**
 * Says where the time of a test run goes. Every JVM that runs tests has this on its class path, and adds what it ran to
 * {@code target/test-times.txt} in the root of the checkout.
 *
 * <p>It belongs to no module: the parent is built before all of them, and what their tests load must be there by then.
 */
@NullMarked
package org.holdfast.times;

import org.jspecify.annotations.NullMarked;
