package org.holdfast.master.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a file was from one put to the next. */
@Entity
@Table(name = "file_version")
class FileVersion {
    @Id
    @SequenceGenerator(name = "file_version_seq", sequenceName = "file_version_seq")
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "file_version_seq")
    long id;

    // A mapped relation, so that the file's row is written before this one.
    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "file_id")
    FileEntry file;

    int number;

    @Column(name = "blob_id")
    String blobId;

    @Column(name = "content_type")
    String contentType;

    @Column(name = "account_id")
    long accountId;

    @Column(name = "created_at")
    Instant createdAt;

    /** The file's own, as the client told. */
    @Column(name = "file_time")
    @Nullable
    Instant fileTime;

    FileVersion() {}

    FileVersion(
            FileEntry file,
            int number,
            String blobId,
            String contentType,
            long accountId,
            Instant createdAt,
            @Nullable Instant fileTime) {
        this.file = file;
        this.number = number;
        this.blobId = blobId;
        this.contentType = contentType;
        this.accountId = accountId;
        this.createdAt = createdAt;
        this.fileTime = fileTime;
    }
}
