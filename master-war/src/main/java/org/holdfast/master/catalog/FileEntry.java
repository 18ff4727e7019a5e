package org.holdfast.master.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;

/** A name in a folder that points to a version. */
@Entity
@Table(name = "file")
class FileEntry {
    @Id
    @SequenceGenerator(name = "file_seq", sequenceName = "file_seq")
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "file_seq")
    long id;

    @Column(name = "folder_id")
    long folderId;

    String name;

    @Column(name = "version_id")
    long versionId;

    @Column(name = "created_at")
    Instant createdAt;

    FileEntry() {}

    FileEntry(long folderId, String name, Instant createdAt) {
        this.folderId = folderId;
        this.name = name;
        this.createdAt = createdAt;
    }
}
