package org.holdfast.storage.store;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** Computes each digest in a thread of its own, over a ring of buffers that all of them and the writer share. */
final class DigestsBeside implements RunningDigests {
    /** Enough for each digest to lag a little behind the reader; 2 MiB an upload. */
    private static final int RING = 8;

    private static final Chunk END = new Chunk(new byte[0], 0, new AtomicInteger());

    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(RING);
    private final List<BlockingQueue<Chunk>> lanes = new ArrayList<>();
    private final Map<DigestAlgorithm, CompletableFuture<String>> results = new EnumMap<>(DigestAlgorithm.class);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();

    DigestsBeside(Set<DigestAlgorithm> algorithms, int bufferBytes, ExecutorService threads, Runnable whenClosed) {
        this.whenClosed = whenClosed;
        for (int i = 0; i < RING; i++) {
            free.add(new byte[bufferBytes]);
        }
        for (DigestAlgorithm algorithm : algorithms) {
            // One more than the ring, so that the end mark always fits.
            BlockingQueue<Chunk> lane = new ArrayBlockingQueue<>(RING + 1);
            lanes.add(lane);
            MessageDigest digest = RunningDigests.messageDigest(algorithm);
            results.put(algorithm, CompletableFuture.supplyAsync(() -> drain(lane, digest), threads));
        }
    }

    private String drain(BlockingQueue<Chunk> lane, MessageDigest digest) {
        try {
            for (Chunk chunk = lane.take(); chunk != END; chunk = lane.take()) {
                digest.update(chunk.bytes, 0, chunk.length);
                if (chunk.readers.decrementAndGet() == 0) {
                    free.add(chunk.bytes);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while digesting", e);
        }
    }

    @Override
    public byte[] takeBuffer() {
        try {
            return free.take();
        } catch (InterruptedException e) {
            throw stopping(e);
        }
    }

    @Override
    public void update(byte[] buffer, int length) {
        var chunk = new Chunk(buffer, length, new AtomicInteger(lanes.size()));
        lanes.forEach(lane -> lane.add(chunk));
    }

    @Override
    public Digests finish() {
        end();
        var values = new EnumMap<DigestAlgorithm, String>(DigestAlgorithm.class);
        results.forEach((algorithm, hex) -> values.put(algorithm, hex.join()));
        return new Digests(values);
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            lanes.forEach(lane -> lane.add(END));
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            end();
            var unused = CompletableFuture.allOf(results.values().toArray(CompletableFuture[]::new))
                    .whenComplete((nothing, failure) -> whenClosed.run());
        }
    }

    private static HoldfastException stopping(InterruptedException e) {
        Thread.currentThread().interrupt();
        return HoldfastException.of(FailureKind.UNAVAILABLE, "unavailable", "This node is stopping.", e);
    }

    private static final class Chunk {
        private final byte[] bytes;
        private final int length;
        private final AtomicInteger readers;

        Chunk(byte[] bytes, int length, AtomicInteger readers) {
            this.bytes = bytes;
            this.length = length;
            this.readers = readers;
        }
    }
}
