/** What an operator's tools see of the node: MicroProfile Health and Metrics. */
@NullMarked
package org.holdfast.storage.health;

import org.jspecify.annotations.NullMarked;
