/**
 * Throughput next to nginx, which serves and accepts the same bytes on the same machine in the same run. Not a test: run
 * it with {@code system-tests/benchmark}; figures mean something only as ratios.
 */
@NullMarked
package org.holdfast.systemtests.bench;

import org.jspecify.annotations.NullMarked;
