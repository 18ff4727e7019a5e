package org.holdfast.master.catalog;

import org.holdfast.contract.LeastRate;

/**
 * How bodies are taken that stream through this master.
 *
 * @param rate that senders have to keep
 */
public record UploadConfig(LeastRate rate) {}
