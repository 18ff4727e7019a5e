package org.holdfast.master.replication;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;
import org.jspecify.annotations.Nullable;

/** Bytes that have landed. Never changed. */
@Entity
@Table(name = "blob_")
class Blob {
    @Id
    String id;

    long size;
    String md5;
    String sha256;

    @Nullable
    String sha1;

    @Column(name = "sha3_256")
    @Nullable
    String sha3;

    @Column(name = "created_at")
    Instant createdAt;

    Blob() {}

    Blob(BlobFacts facts, Instant createdAt) {
        this.id = facts.id().value();
        this.size = facts.sizeBytes();
        this.md5 = facts.digests().require(DigestAlgorithm.MD5);
        this.sha256 = facts.digests().require(DigestAlgorithm.SHA_256);
        this.sha1 = facts.digests().get(DigestAlgorithm.SHA_1).orElse(null);
        this.sha3 = facts.digests().get(DigestAlgorithm.SHA3_256).orElse(null);
        this.createdAt = createdAt;
    }

    BlobFacts facts() {
        return new BlobFacts(new BlobId(id), size, Digests.of(md5, sha256, sha1, sha3));
    }
}
