package org.holdfast.master.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A folder; every namespace has a root folder with the empty path. */
@Entity
@Table(name = "folder")
class Folder {
    @Id
    @SequenceGenerator(name = "folder_seq", sequenceName = "folder_seq")
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "folder_seq")
    long id;

    @Column(name = "namespace_id")
    long namespaceId;

    @Column(name = "parent_id")
    @Nullable
    Long parentId;

    String name;
    String path;

    @Column(name = "path_sha256")
    String pathSha256;

    @Column(name = "created_at")
    Instant createdAt;

    Folder() {}

    Folder(long namespaceId, @Nullable Long parentId, String name, String path, Instant createdAt) {
        this.namespaceId = namespaceId;
        this.parentId = parentId;
        this.name = name;
        this.path = path;
        this.pathSha256 = PathKey.of(path);
        this.createdAt = createdAt;
    }
}
