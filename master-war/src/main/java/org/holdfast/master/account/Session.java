package org.holdfast.master.account;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A sign-in that lasts: only the digest of its bearer token is kept. */
@Entity
@Table(name = "session")
class Session {
    @Id
    @Column(name = "token_sha256")
    String tokenSha256;

    @Column(name = "account_id")
    long accountId;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    Session() {}

    Session(String tokenSha256, long accountId, Instant createdAt, Instant expiresAt) {
        this.tokenSha256 = tokenSha256;
        this.accountId = accountId;
        this.createdAt = createdAt;
        this.expiresAt = expiresAt;
    }
}
