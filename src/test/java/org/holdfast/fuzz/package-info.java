/**
 * Properties that search for as long as they are let: those with the tag {@code fuzz}, in all modules. jqwik finds the hook by
 * its service file.
 */
@NullMarked
package org.holdfast.fuzz;

import org.jspecify.annotations.NullMarked;
