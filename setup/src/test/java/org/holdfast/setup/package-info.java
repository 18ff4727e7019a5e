/** Tests of the launcher: pure rooms in milliseconds, and the real MariaDB and Artemis under failsafe. */
@NullMarked
package org.holdfast.setup;

import org.jspecify.annotations.NullMarked;
