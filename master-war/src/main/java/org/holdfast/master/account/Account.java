package org.holdfast.master.account;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Somebody who may sign in, or could once. */
@Entity
@Table(name = "account")
class Account {
    /** In place of a hash: no password opens this account. */
    static final String NO_PASSWORD = "-";

    @Id
    @SequenceGenerator(name = "account_seq", sequenceName = "account_seq")
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "account_seq")
    long id;

    String name;

    @Column(name = "password_hash")
    String passwordHash;

    @Enumerated(EnumType.STRING)
    Role role;

    @Nullable
    String email;

    /** An address that is to be confirmed; then the code that does it, and until when, are there too. */
    @Column(name = "new_email")
    @Nullable
    String newEmail;

    @Column(name = "new_email_code")
    @Nullable
    String newEmailCode;

    @Column(name = "new_email_until")
    @Nullable
    Instant newEmailUntil;

    @Column(name = "display_name")
    String displayName;

    @Column(name = "valid_from")
    @Nullable
    Instant validFrom;

    @Column(name = "valid_until")
    @Nullable
    Instant validUntil;

    boolean suspended;

    @Column(name = "must_set_password")
    boolean mustSetPassword;

    @Column(name = "quota_bytes")
    @Nullable
    Long quotaBytes;

    @Column(name = "quota_files")
    @Nullable
    Long quotaFiles;

    int epoch;

    @Column(name = "deleted_at")
    @Nullable
    Instant deletedAt;

    @Column(name = "created_at")
    Instant createdAt;

    Account() {}

    Account(String name, AccountTerms terms, String passwordHash, Instant createdAt) {
        this.name = name;
        this.passwordHash = passwordHash;
        this.createdAt = createdAt;
        apply(terms);
    }

    final void apply(AccountTerms terms) {
        email = terms.email().orElse(null);
        displayName = terms.displayName();
        role = terms.role();
        validFrom = terms.validity().from().orElse(null);
        validUntil = terms.validity().until().orElse(null);
        suspended = terms.suspended();
        mustSetPassword = terms.mustSetPassword();
        quotaBytes = terms.quota().bytes().orElse(null);
        quotaFiles = terms.quota().files().orElse(null);
    }

    Validity validity() {
        return new Validity(Optional.ofNullable(validFrom), Optional.ofNullable(validUntil));
    }

    AccountTerms terms() {
        return new AccountTerms(
                Optional.ofNullable(email),
                displayName,
                role,
                validity(),
                suspended,
                mustSetPassword,
                new Quota(Optional.ofNullable(quotaBytes), Optional.ofNullable(quotaFiles)));
    }

    AccountView view() {
        return new AccountView(id, name, terms(), waiting(), !passwordHash.equals(NO_PASSWORD), createdAt);
    }

    private Optional<AccountView.Waiting> waiting() {
        return newEmail == null || newEmailUntil == null
                ? Optional.empty()
                : Optional.of(new AccountView.Waiting(newEmail, newEmailUntil));
    }

    Caller caller() {
        return new Caller(id, name, role, epoch);
    }

    /** Whether its owner may act now: somebody who has signed in, or whose put is committed. */
    boolean isActive(Instant now) {
        return deletedAt == null && !suspended && validity().holds(now);
    }
}
