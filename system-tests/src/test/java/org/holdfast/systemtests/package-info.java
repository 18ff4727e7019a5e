/**
 * The whole system, seen from outside: real processes that are asked over HTTP, through the scripts and in SQL, and that
 * are killed, frozen and restarted while they work.
 *
 * <p>Classes share clusters ({@link org.holdfast.systemtests.SharedCluster}), because a boot takes half a minute on a small
 * machine; {@code @Order} puts those that do harm last. A test that harms a component brings it back itself, and every
 * test uses names of its own. Nothing here sleeps: what takes time is awaited with a deadline. Two classes may run at once,
 * each on a cluster of its own; a class that measures is {@code @Isolated}.
 *
 * <p>{@code mvn verify} runs them behind all other modules. {@code mvn verify -pl system-tests -am -Dit.test=SmokeIT}
 * runs one class against whatever is packaged: package what you changed first.
 */
@NullMarked
package org.holdfast.systemtests;

import org.jspecify.annotations.NullMarked;
