package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Comparator;
import java.util.Optional;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.account.Caller;

/**
 * Lets changes of names pass that no lock of somebody else stands against, within their transactions. A row whose time is
 * over goes away on the way, so that its late writer can't undo what passes now.
 */
@ApplicationScoped
public class RespectLocks {
    @Inject
    LockRows locks;

    /**
     * Before a name gets other bytes or is made; a lock of the caller's own goes on.
     *
     * @throws HoldfastException LOCKED {@code locked}
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void pass(Caller caller, long namespaceId, FileAddress address) {
        check(caller, namespaceId, address).filter(row -> !row.stands()).ifPresent(late -> {
            locks.delete(namespaceId, address);
        });
    }

    /** Before a name goes away; a lock of the caller's own goes with it (RFC 4918, sections 7.7 and 9.6). */
    @Transactional(Transactional.TxType.MANDATORY)
    public void end(Caller caller, long namespaceId, FileAddress address) {
        check(caller, namespaceId, address).ifPresent(row -> locks.delete(namespaceId, address));
    }

    /** As {@link #end}, before everything below a folder goes away or gets another path. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void endBelow(Caller caller, long namespaceId, FileAddress folder) {
        var below = locks.findBelow(namespaceId, folder);
        // Those that do not end by themselves first: nobody waits for the others in vain.
        below.stream()
                .filter(row -> row.isInTheWayOf(caller))
                .min(Comparator.comparing(row -> row.lock().kind() == LockKind.TRANSFER))
                .ifPresent(row -> {
                    throw row.refusal();
                });
        if (!below.isEmpty()) {
            locks.deleteBelow(namespaceId, folder);
        }
    }

    /** Whether a lock stands in the way of a put that could as well get another name. */
    @Transactional(Transactional.TxType.MANDATORY)
    public boolean isTaken(Caller caller, long namespaceId, FileAddress address) {
        return locks.find(namespaceId, address)
                .filter(row -> row.isInTheWayOf(caller))
                .isPresent();
    }

    private Optional<LockRows.Row> check(Caller caller, long namespaceId, FileAddress address) {
        Optional<LockRows.Row> found = locks.find(namespaceId, address);
        found.filter(row -> row.isInTheWayOf(caller)).ifPresent(row -> {
            throw row.refusal();
        });
        return found;
    }
}
