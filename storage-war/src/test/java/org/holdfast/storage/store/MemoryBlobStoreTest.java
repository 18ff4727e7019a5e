package org.holdfast.storage.store;

class MemoryBlobStoreTest implements BlobStoreContract {
    private final MemoryBlobStore store = new MemoryBlobStore();

    @Override
    public BlobStore testee() {
        return store;
    }
}
