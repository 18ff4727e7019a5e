/** The HTTP boundary: servlets where bytes or hot requests pass, JAX-RS resources for the rest. Thin. */
@NullMarked
package org.holdfast.master.api;

import org.jspecify.annotations.NullMarked;
