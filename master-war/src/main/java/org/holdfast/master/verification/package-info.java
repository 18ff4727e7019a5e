/** What nodes hold is proved, not believed: a node that returns shows it before it is used. */
@NullMarked
package org.holdfast.master.verification;

import org.jspecify.annotations.NullMarked;
