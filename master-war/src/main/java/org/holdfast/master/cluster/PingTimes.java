package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How quickly nodes have answered the leader's heartbeats since somebody last asked. In memory only. */
@ApplicationScoped
public class PingTimes {
    private static final long MICROS = 1_000;

    private final Map<Long, Sum> sums = new ConcurrentHashMap<>();

    /**
     * Answers of one node.
     *
     * @param count how many
     * @param totalMicros their times together
     * @param maxMicros the longest
     */
    record Sum(long count, long totalMicros, long maxMicros) {
        long meanMicros() {
            return totalMicros / count;
        }

        private Sum and(Sum other) {
            return new Sum(count + other.count, totalMicros + other.totalMicros, Math.max(maxMicros, other.maxMicros));
        }
    }

    void add(long nodeId, Duration time) {
        long micros = time.toNanos() / MICROS;
        sums.merge(nodeId, new Sum(1, micros, micros), Sum::and);
    }

    /** What was added since this was last called; empty when the node did not answer. */
    Optional<Sum> take(long nodeId) {
        return Optional.ofNullable(sums.remove(nodeId));
    }
}
