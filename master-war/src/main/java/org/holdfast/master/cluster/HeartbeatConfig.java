package org.holdfast.master.cluster;

import java.time.Duration;

/**
 * How nodes are watched. With the defaults (200 ms, 500 ms, 3) a killed node is noticed after 0.6 s and a frozen one
 * after 2 s.
 *
 * @param interval pause between two heartbeats to one node
 * @param timeout longest wait for an answer
 * @param misses how many in a row make a node {@link NodeStatus#DOWN}
 */
public record HeartbeatConfig(Duration interval, Duration timeout, int misses) {
    public HeartbeatConfig {
        if (interval.toMillis() < 10 || timeout.toMillis() < 10 || misses < 1) {
            throw new IllegalArgumentException("holdfast.heartbeat.interval and timeout must be at least 10 ms,"
                    + " holdfast.heartbeat.misses at least 1");
        }
    }
}
