package org.holdfast.master.catalog;

import org.holdfast.contract.LeastRate;

/**
 * How answers are sent.
 *
 * @param rate what readers have to keep
 */
public record DownloadConfig(LeastRate rate) {}
