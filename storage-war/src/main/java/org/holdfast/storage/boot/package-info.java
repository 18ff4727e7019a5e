/** Wiring only: reads the configuration, makes the parts, starts the beats. The only room that has a clock. */
@NullMarked
package org.holdfast.storage.boot;

import org.jspecify.annotations.NullMarked;
