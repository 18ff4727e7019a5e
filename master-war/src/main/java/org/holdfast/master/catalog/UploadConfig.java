package org.holdfast.master.catalog;

/**
 * How bodies are taken that stream through this master.
 *
 * @param slowestBytesPerSecond rate that senders have to keep; 0 for any
 */
public record UploadConfig(long slowestBytesPerSecond) {}
