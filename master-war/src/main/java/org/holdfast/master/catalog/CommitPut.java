package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.CommitReply;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Landing;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;
import org.holdfast.master.replication.PlanCopies;

/**
 * Makes landed bytes a version of a file: file, version, blob, replicas, tasks and change-log entry in one transaction,
 * in which older versions go that are not to be kept any more.
 * Idempotent by blob id. Run it through {@link org.holdfast.master.database.Contention#retry}.
 */
@ApplicationScoped
public class CommitPut {
    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    @Inject
    FindRoles roles;

    @Inject
    Folders folders;

    @Inject
    FreeName freeName;

    @Inject
    PlanCopies planCopies;

    @Inject
    KeepVersions keepVersions;

    @Inject
    LockTransfers lockTransfers;

    @Inject
    RespectLocks respectLocks;

    @Inject
    CountUsage usage;

    @Inject
    ChangeLog changes;

    @Inject
    Accounts accounts;

    @Inject
    Clock clock;

    /**
     * The version that the put has made, now or when it was first asked for.
     *
     * @param ticket a PUT or LAND ticket whose signature was checked
     * @param landing the word of the nodes; must be about the ticket's blob, and of as many nodes as its durability asks
     * @throws HoldfastException CONFLICT, PRECONDITION, NOT_FOUND, INVALID, TOO_LARGE, LOCKED: the put is refused and its
     *     bytes may go
     */
    @Transactional
    public CommitReply commit(Ticket ticket, Landing landing) {
        PutTerms terms = ticket.terms()
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.FORBIDDEN, "ticket-invalid", "This ticket does not allow a put."));
        requireSameBlob(ticket, landing);
        requireDurable(terms, landing);
        Caller caller = accounts.require(terms.account(), terms.accountId());
        Optional<CommitReply> known = known(caller, ticket, landing);
        if (known.isPresent()) {
            return known.get();
        }
        ticket.address().requireShort();
        Namespace namespace = names.namespace(caller, ticket.address(), FileOperation.PUT);
        long folderId = folders.ensure(namespace.id, ticket.address().parent(), false);
        FileAddress address = ticket.address();
        FileEntry file = lockFile(folderId, address.name());
        FileVersion current = file == null ? null : entities.find(FileVersion.class, file.versionId);
        PutConditions.require(terms, address, file == null ? null : names.validators(file.id, file.versionId));
        boolean rename = terms.onConflict() == OnConflict.RENAME;
        if (rename && (file != null || respectLocks.isTaken(caller, namespace.id, address))) {
            roles.requireBeside(caller, namespace.ownerId, address);
            address = address.parent().child(freeName.find(folderId, address.name()));
            address.requireShort();
            file = null;
            current = null;
        }
        lockTransfers.close(caller, terms, namespace.id, address);
        planCopies.plan(landing, ticket.address(), namespace.placement, namespace.replicaCount);
        FileVersion version = write(folderId, address, file, current, landing.blob(), ticket, caller);
        KeepVersions.Gone gone = current == null
                ? KeepVersions.Gone.NOTHING
                : keepVersions.trim(version.file.id, namespace.versionsKept, address);
        changes.add(ChangeKind.PUT, address, landing.blob().id().value(), gone.blobs(), caller.accountId());
        usage.add(
                namespace.id,
                new CountUsage.Usage(current == null ? 1 : 0, landing.blob().sizeBytes() - gone.bytes()));
        boolean renamed = !address.equals(ticket.address());
        return new CommitReply(
                address,
                version.number,
                current == null ? 0 : keepVersions.countOlder(version.file.id, version.number),
                landing.blob(),
                landing.nodes().size(),
                1 + namespace.replicaCount,
                renamed);
    }

    private FileVersion write(
            long folderId,
            FileAddress address,
            @org.jspecify.annotations.Nullable FileEntry existing,
            @org.jspecify.annotations.Nullable FileVersion current,
            BlobFacts blob,
            Ticket ticket,
            Caller caller) {
        Instant now = clock.instant();
        FileEntry file = existing;
        if (file == null) {
            folders.requireNoFolder(folderId, address);
            file = new FileEntry(folderId, address.name(), now);
            entities.persist(file);
        }
        int number = current == null ? 1 : current.number + 1;
        var version = new FileVersion(
                file,
                number,
                blob.id().value(),
                ticket.contentType(),
                caller.accountId(),
                now,
                ticket.terms().flatMap(PutTerms::fileTime).orElse(null));
        entities.persist(version);
        file.versionId = version.id;
        return version;
    }

    /**
     * The version that the ticket has made already. Whoever shows it again at another node, with other bytes, must not
     * hear that those are stored, nor that node keep them under this blob's name. And the answer tells where the file is
     * by now, which is only for those who may write there. A blob without a version is one whose file is gone.
     */
    private Optional<CommitReply> known(Caller caller, Ticket ticket, Landing landing) {
        return Rows.first(entities.createNativeQuery("SELECT v.number, d.path, f.name, n.name, n.replica_count,"
                                + " (SELECT COUNT(*) FROM replica r WHERE r.blob_id = b.id AND r.state = 'VERIFIED'),"
                                + " b.sha256, n.owner_id, (SELECT COUNT(*) FROM file_version o WHERE o.file_id = v.file_id"
                                + " AND o.number < v.number) FROM blob_ b LEFT JOIN file_version v ON v.blob_id = b.id"
                                + " LEFT JOIN file f ON f.id = v.file_id LEFT JOIN folder d ON d.id = f.folder_id"
                                + " LEFT JOIN namespace n ON n.id = d.namespace_id WHERE b.id = ?")
                        .setParameter(1, landing.blob().id().value()))
                .map(row -> {
                    if (row[0] == null) {
                        throw used(caller, ticket, "what it has stored is gone since");
                    }
                    var address = new FileAddress(Rows.text(row[3]), Rows.text(row[1])).child(Rows.text(row[2]));
                    boolean mayWrite = roles.of(caller, Rows.number(row[7]), address)
                            .filter(role -> role.allows(FileOperation.PUT))
                            .isPresent();
                    if (!mayWrite) {
                        throw used(caller, ticket, "what it has stored is no longer where you may write");
                    }
                    if (!landing.blob()
                            .digests()
                            .require(DigestAlgorithm.SHA_256)
                            .equals(Rows.text(row[6]))) {
                        throw used(caller, ticket, "for other bytes");
                    }
                    return new CommitReply(
                            address,
                            (int) Rows.number(row[0]),
                            (int) Rows.number(row[8]),
                            landing.blob(),
                            (int) Rows.number(row[5]),
                            (int) Rows.number(row[4]) + 1,
                            !address.equals(ticket.address()));
                });
    }

    /** The refusal of a used ticket; of who may not put there any more, as any put of theirs is refused. */
    private HoldfastException used(Caller caller, Ticket ticket, String how) {
        var unused = names.namespace(caller, ticket.address(), FileOperation.PUT);
        return HoldfastException.of(
                FailureKind.CONFLICT, "conflict", "This ticket has been used already, " + how + "; ask for a new one.");
    }

    private @org.jspecify.annotations.Nullable FileEntry lockFile(long folderId, String name) {
        return Rows.longs(entities.createNativeQuery("SELECT id FROM file WHERE folder_id = ? AND name = ? FOR UPDATE")
                        .setParameter(1, folderId)
                        .setParameter(2, name))
                .stream()
                .findFirst()
                .map(id -> entities.find(FileEntry.class, id, LockModeType.PESSIMISTIC_WRITE))
                .orElse(null);
    }

    /** A node that takes the promise lightly is a defect, and must not be able to break it. */
    private static void requireDurable(PutTerms terms, Landing landing) {
        if (landing.nodes().size() < terms.durability()) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "durability-unmet",
                    "The bytes are on " + landing.nodes().size() + " nodes, but " + terms.durability()
                            + " were asked for.");
        }
    }

    private static void requireSameBlob(Ticket ticket, Landing landing) {
        boolean same = ticket.blob().id().equals(landing.blob().id())
                && landing.blob().digests().satisfy(ticket.blob().digests());
        if (!same) {
            throw HoldfastException.of(
                    FailureKind.CORRUPT, "digest-mismatch", "What has landed is not what the ticket was made for.");
        }
    }
}
