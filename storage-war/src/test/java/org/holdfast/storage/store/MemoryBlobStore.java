package org.holdfast.storage.store;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.InventoryPage;
import org.holdfast.contract.PutTerms;

/** Keeps blobs in memory and counts what is still open; may be told to be full. */
public final class MemoryBlobStore implements BlobStore {
    private static final long CAPACITY_BYTES = 1L << 30;

    private final Map<BlobId, Kept> blobs = new ConcurrentHashMap<>();
    private final Map<BlobId, String> quarantined = new ConcurrentHashMap<>();
    private final AtomicInteger openReceptions = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();

    private record Kept(Sidecar sidecar, Stage stage, List<Byte> bytes) {
        StoredBlob stored() {
            return new StoredBlob(sidecar, stage, bytes.size());
        }
    }

    public void setFull(boolean isFull) {
        full.set(isFull);
    }

    public int openReceptions() {
        return openReceptions.get();
    }

    public Optional<String> quarantineReason(BlobId id) {
        return Optional.ofNullable(quarantined.get(id));
    }

    @Override
    public Reception receive(long sizeBytes) {
        requireRoom(sizeBytes);
        openReceptions.incrementAndGet();
        return new MemoryReception();
    }

    private void requireRoom(long sizeBytes) {
        if (full.get() || sizeBytes > CAPACITY_BYTES) {
            throw DiskFailure.full(0);
        }
    }

    @Override
    public Optional<StoredBlob> find(BlobId id) {
        return Optional.ofNullable(blobs.get(id)).map(Kept::stored);
    }

    @Override
    public Optional<BlobContent> open(BlobId id) {
        return Optional.ofNullable(blobs.get(id)).map(MemoryContent::new);
    }

    @Override
    public void promote(BlobId id) {
        Kept kept = blobs.computeIfPresent(id, (key, old) -> new Kept(old.sidecar, Stage.COMMITTED, old.bytes));
        if (kept == null) {
            throw HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is no such blob here.");
        }
    }

    @Override
    public boolean remove(BlobId id) {
        return blobs.remove(id) != null;
    }

    @Override
    public boolean withdraw(BlobId id) {
        Kept kept = blobs.get(id);
        return kept != null && kept.stage == Stage.UNCOMMITTED && blobs.remove(id, kept);
    }

    @Override
    public boolean quarantine(BlobId id, String reason) {
        if (blobs.remove(id) == null) {
            return false;
        }
        quarantined.put(id, reason);
        return true;
    }

    @Override
    public List<StoredBlob> uncommitted(int limit) {
        return blobs.values().stream()
                .filter(kept -> kept.stage == Stage.UNCOMMITTED)
                .limit(limit)
                .map(Kept::stored)
                .toList();
    }

    @Override
    public InventoryPage inventory(Optional<BlobId> after, int limit) {
        String begin = after.map(BlobId::value).orElse("");
        List<InventoryPage.Item> items = blobs.values().stream()
                .filter(kept -> kept.stage == Stage.COMMITTED)
                .filter(kept -> kept.sidecar.facts().id().value().compareTo(begin) > 0)
                .sorted(java.util.Comparator.comparing(
                        kept -> kept.sidecar.facts().id().value()))
                .limit(limit)
                .map(kept -> new InventoryPage.Item(kept.sidecar.facts().id(), kept.bytes.size(), true))
                .toList();
        boolean isFull = items.size() == limit;
        return new InventoryPage(
                items, List.of(), isFull ? Optional.of(items.get(limit - 1).blob()) : Optional.empty());
    }

    @Override
    public Beginnings beginnings() {
        throw new UnsupportedOperationException("has no files");
    }

    @Override
    public Quarantine quarantine() {
        throw new UnsupportedOperationException("has no files");
    }

    @Override
    public Space space() {
        long used = blobs.values().stream().mapToLong(kept -> kept.bytes.size()).sum();
        return new Space(CAPACITY_BYTES, CAPACITY_BYTES - used, used, blobs.size());
    }

    @Override
    public void probe() {
        requireRoom(1);
    }

    private final class MemoryReception implements Reception {
        private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        private boolean closed;

        @Override
        public void write(byte[] bytes, int length) {
            requireRoom(length);
            arrived.write(bytes, 0, length);
        }

        @Override
        public Landed land(Sidecar sidecar, Stage stage) {
            var bytes = arrived.toByteArray();
            var boxed = new Byte[bytes.length];
            Arrays.setAll(boxed, i -> bytes[i]);
            var mine = new Kept(sidecar, stage, List.of(boxed));
            Kept present = blobs.putIfAbsent(sidecar.facts().id(), mine);
            if (present == null) {
                return Landed.NEW;
            }
            if (!present.bytes.equals(mine.bytes)) {
                throw HoldfastException.of(FailureKind.CONFLICT, "conflict", "Other bytes are here.");
            }
            return Landed.ALREADY;
        }

        @Override
        public void keep(Beginnings.Key key, PutTerms.KeptShare most) {
            throw new UnsupportedOperationException("has no files");
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                openReceptions.decrementAndGet();
            }
        }
    }

    private record MemoryContent(Kept kept) implements BlobContent {
        @Override
        public long sizeBytes() {
            return kept.bytes.size();
        }

        @Override
        public int read(long position, byte[] buffer) {
            if (position >= kept.bytes.size()) {
                return -1;
            }
            int length = (int) Math.min(buffer.length, kept.bytes.size() - position);
            for (int i = 0; i < length; i++) {
                buffer[i] = kept.bytes.get((int) position + i);
            }
            return length;
        }

        @Override
        public void close() {}
    }
}
