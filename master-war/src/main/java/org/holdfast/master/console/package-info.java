/**
 * The web console's way to the browser: one page, its modules and styles, and the policy under which they run (ADR 38). What
 * the console shows, it asks from the API as any other client does.
 */
@NullMarked
package org.holdfast.master.console;

import org.jspecify.annotations.NullMarked;
