package org.holdfast.master.cluster;

import java.time.Duration;

/**
 * How nodes are watched. With the defaults (200 ms, 500 ms, 3, 5 s) a killed node, whose machine refuses connections, is
 * down after 0.6 s. One that says nothing is late after 1.5 s and down after 5 s.
 *
 * @param interval pause between two heartbeats to one node
 * @param timeout an answer in time takes no longer; so many as {@code misses} of it make a node late
 * @param misses how many heartbeats in a row that are refused make a node {@link NodeStatus#DOWN}
 * @param silence longest wait for an answer; then a node is {@link NodeStatus#DOWN} too
 */
public record HeartbeatConfig(Duration interval, Duration timeout, int misses, Duration silence) {
    public HeartbeatConfig {
        if (interval.toMillis() < 10 || timeout.toMillis() < 10 || misses < 1) {
            throw new IllegalArgumentException("holdfast.heartbeat.interval and timeout must be at least 10 ms,"
                    + " holdfast.heartbeat.misses at least 1");
        }
        if (silence.compareTo(timeout) < 0) {
            throw new IllegalArgumentException("holdfast.heartbeat.silence can't be shorter than the timeout");
        }
    }

    /** After so long without an answer a node is late. */
    Duration late() {
        return timeout.multipliedBy(misses);
    }
}
