/**
 * What travels between Holdfast's processes: identifiers, file addresses, digests, tickets, signed calls, task
 * messages and failure kinds.
 *
 * <p>Everything here is an immutable value with a JSON shape (jakarta.json), or a pure function over such values. The
 * only rooms with I/O are {@link org.holdfast.contract.SecretKeys#read}, {@link org.holdfast.contract.TlsIdentity#read},
 * and {@link org.holdfast.contract.ClusterCall}, {@link org.holdfast.contract.BlobUpload} and {@link
 * org.holdfast.contract.BlobDownload}, which speak the node protocol over HTTP, with or without TLS.
 */
@NullMarked
package org.holdfast.contract;

import org.jspecify.annotations.NullMarked;
