package org.holdfast.master.catalog;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.CommitReply;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.Landing;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.WriteLock;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.TestMaster;

/** Puts in their two steps, and what time does to their locks. */
final class LockLab {
    private final TestMaster master;

    LockLab(TestMaster master) {
        this.master = master;
    }

    static FileAddress at(String address) {
        int slash = address.indexOf('/');
        return new FileAddress(address.substring(0, slash), address.substring(slash + 1));
    }

    /** The first step, by a client that tells nothing of itself. */
    Ticket ask(Caller caller, String address) {
        return ask(caller, address, OnConflict.REPLACE, Optional.empty(), Set.of());
    }

    /** The first step, as one of the tries of a put. */
    Ticket askAs(Caller caller, String address, String writer) {
        return ask(caller, address, OnConflict.REPLACE, Optional.of(writer), Set.of());
    }

    Ticket ask(Caller caller, String address, OnConflict onConflict, Optional<String> writer, Set<String> excluded) {
        var terms = new PutTerms(caller.name(), onConflict, Optional.empty(), Optional.empty(), 1, Set.of());
        var wish = new RequestUpload.Wish(
                at(address),
                BlobFacts.UNKNOWN_SIZE,
                Digests.NONE,
                Optional.of("text/plain"),
                terms,
                new RequestUpload.NodeChoice(excluded, Optional.empty()),
                writer);
        var upload = Contention.retry(() -> master.get(RequestUpload.class).ask(caller, wish, Ticket.Operation.PUT));
        return upload.tickets().apply(upload.nodes().get(0));
    }

    /** The second step: other bytes each time. */
    CommitReply commit(Ticket ticket) {
        BlobFacts landed = new BlobFacts(
                ticket.blob().id(),
                7,
                master.blob("bytes of " + ticket.blob().id()).digests());
        return Contention.retry(() -> master.get(CommitPut.class).commit(ticket, new Landing("sn1", landed)));
    }

    static WriteLock lockOf(Ticket ticket) {
        return ticket.terms().flatMap(PutTerms::lock).orElseThrow();
    }

    void renew(Ticket ticket) {
        master.get(LockTransfers.class).renew(List.of(lockOf(ticket).token()));
    }

    void release(Ticket ticket) {
        master.get(LockTransfers.class).release(List.of(lockOf(ticket).token()));
    }

    /** Lets this much time pass for all locks. */
    void pass(int seconds) throws SQLException {
        master.sql(
                "UPDATE file_lock SET acquired_at = acquired_at - INTERVAL ? SECOND,"
                        + " expires_at = expires_at - INTERVAL ? SECOND",
                seconds,
                seconds);
    }

    /** Locks on names of their own, that stand for an hour. */
    void manyLocks(int count, LockKind kind, Caller holder) throws SQLException {
        master.sql(
                "INSERT INTO file_lock (namespace_id, path_sha256, path, token, account_id, kind, writer, acquired_at,"
                        + " expires_at) SELECT (SELECT id FROM namespace WHERE name = ?), SHA2(CONCAT('many/', seq), 256),"
                        + " CONCAT('many/', seq), -seq, ?, ?, '', UTC_TIMESTAMP(6),"
                        + " UTC_TIMESTAMP(6) + INTERVAL 1 HOUR FROM seq_1_to_" + count,
                holder.name(),
                holder.accountId(),
                kind.name());
    }

    /** Path, kind and account of each row. */
    List<String> rows() throws SQLException {
        return master.rows("SELECT l.path, l.kind, a.name FROM file_lock l JOIN account a ON a.id = l.account_id"
                + " ORDER BY l.path");
    }
}
