package org.holdfast.storage.store;

/**
 * Room on the disk and what the blobs take.
 *
 * @param capacityBytes size of the file system
 * @param freeBytes what can still be taken, the reserve excluded; 0 or more
 * @param usedBytes sum of the sizes of all readable blobs
 * @param blobs how many there are
 */
public record Space(long capacityBytes, long freeBytes, long usedBytes, long blobs) {}
