/** What an operator and a container engine see of a worker: liveness, readiness, metrics. */
@NullMarked
package org.holdfast.worker.health;

import org.jspecify.annotations.NullMarked;
