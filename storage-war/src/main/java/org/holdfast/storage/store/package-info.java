/**
 * Keeps blobs on a disk so that they outlive the process, the machine's power and this software.
 *
 * <p>On disk, below the node's data directory:
 *
 * <pre>
 * incoming/RANDOM               bytes that are still arriving; thrown away at a start
 * begun/ACCOUNT-OWNER-NAMESPACE-SHA256   what had arrived of an upload whose connection broke; kept for a day
 * uncommitted/ID, ID.json       durable and readable, but no master has confirmed yet that a file is made of them
 * blobs/ZZ/ID, ID.json          confirmed; ZZ are the last two characters of the id, its random end
 * quarantine/ID, ID.json, ID.reason   never served; kept for a person to look at, for a month, with one sentence why
 * </pre>
 *
 * A blob is a plain file with exactly the bytes that were sent. Its sidecar ({@code .json}) says size, digests, media
 * type and where the file was in the name space when it was written, so that a catalog can be rebuilt from the disks.
 * Wherever a blob is visible its sidecar is already there: a sidecar is moved in before its blob and deleted after it.
 *
 * <p>A promotion gives both files second names in {@code blobs/ZZ}, the sidecar first, syncs that directory, and only then
 * takes the names in {@code uncommitted} away, the blob's first. So each of these is right after a loss of power, however
 * the file system orders what it writes: the names in one place, or in both.
 */
@NullMarked
package org.holdfast.storage.store;

import org.jspecify.annotations.NullMarked;
