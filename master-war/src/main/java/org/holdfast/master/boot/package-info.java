/** Wiring: configuration, clocks, threads, start and stop. Nothing else. */
@NullMarked
package org.holdfast.master.boot;

import org.jspecify.annotations.NullMarked;
