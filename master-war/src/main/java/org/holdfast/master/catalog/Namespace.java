package org.holdfast.master.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;
import org.holdfast.master.placement.PlacementPolicy;
import org.jspecify.annotations.Nullable;

/** A tree of folders with an owner and its own ways of keeping files. */
@Entity
@Table(name = "namespace")
class Namespace {
    @Id
    @SequenceGenerator(name = "namespace_seq", sequenceName = "namespace_seq")
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "namespace_seq")
    long id;

    String name;

    @Column(name = "owner_id")
    long ownerId;

    @Column(name = "replica_count")
    int replicaCount;

    @Enumerated(EnumType.STRING)
    PlacementPolicy placement;

    int durability;

    @Column(name = "versions_kept")
    int versionsKept;

    @Column(name = "quota_bytes")
    @Nullable
    Long quotaBytes;

    @Column(name = "quota_files")
    @Nullable
    Long quotaFiles;

    @Column(name = "created_at")
    Instant createdAt;

    Namespace() {}

    Namespace(String name, long ownerId, NamespaceTerms terms, Instant createdAt) {
        this.name = name;
        this.ownerId = ownerId;
        this.createdAt = createdAt;
        apply(terms);
    }

    final void apply(NamespaceTerms terms) {
        this.replicaCount = terms.replicas();
        this.placement = terms.placement();
        this.durability = terms.durability();
        this.versionsKept = terms.versionsKept();
    }
}
