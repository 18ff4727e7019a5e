package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.PutTerms;
import org.holdfast.master.account.Quota;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Counts what namespaces and their owners keep, within the transactions that change it, and holds them to their quotas.
 *
 * <p>Each put of a namespace has to lock the same row. So counting comes last in its transaction: InnoDB lets go of the
 * row before the commit has reached the disk, and puts wait for each other a fraction of a millisecond.
 */
@ApplicationScoped
public class CountUsage {
    @PersistenceContext
    EntityManager entities;

    /**
     * Files and bytes.
     *
     * @param files number of files, or by how many there are more
     * @param bytes of all their versions that are kept, each once, or by how many there are more
     */
    public record Usage(long files, long bytes) {
        static final Usage NONE = new Usage(0, 0);

        Usage plus(Usage other) {
            return new Usage(files + other.files, bytes + other.bytes);
        }

        Usage negated() {
            return new Usage(-files, -bytes);
        }

        boolean grows() {
            return files > 0 || bytes > 0;
        }
    }

    /** Adds a change; TOO_LARGE {@code quota-exceeded} when it lets something grow beyond a quota. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void add(long namespaceId, Usage change) {
        if (change.equals(Usage.NONE)) {
            return;
        }
        // What is still to be written must not wait until after the lock.
        entities.flush();
        addTo("namespace_usage (namespace_id", namespaceId, change);
        // Only now: whoever hands the namespace on to another owner holds the lock of the row above.
        long ownerId = Rows.longs(entities.createNativeQuery("SELECT owner_id FROM namespace WHERE id = ?")
                        .setParameter(1, namespaceId))
                .get(0);
        addTo("account_usage (account_id", ownerId, change);
        if (change.grows()) {
            standings(namespaceId).forEach(standing -> check(standing, change, Usage.NONE));
        }
    }

    /** Moves what is kept from one namespace to another: taken away first, for both may count for one account. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void move(long fromId, long toId, Usage moved) {
        entities.flush();
        // In an order that is the same for all, whichever way files move.
        var unused = Rows.longs(entities.createNativeQuery("SELECT namespace_id FROM namespace_usage"
                        + " WHERE namespace_id IN (?, ?) ORDER BY namespace_id FOR UPDATE")
                .setParameter(1, fromId)
                .setParameter(2, toId));
        add(fromId, moved.negated());
        add(toId, moved);
    }

    /**
     * Refuses what would go beyond a quota as things stand, before any byte is accepted. Locks nothing.
     *
     * @return what there is room for
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    Room requireRoom(long namespaceId, Usage change) {
        var room = new Room(standings(namespaceId));
        if (change.grows()) {
            room.standings.forEach(standing -> check(standing, change, change));
        }
        return room;
    }

    /** What quotas leave to a put. */
    record Room(List<Standing> standings) {
        /**
         * How many bytes it may bring when its length was not told; empty where no quota bounds it.
         *
         * @param freed what it gives back
         * @throws HoldfastException TOO_LARGE {@code quota-exceeded} when that is none
         */
        Optional<Long> mostBytes(long freed) {
            Optional<Long> most = Optional.empty();
            for (Standing standing : standings) {
                Optional<Long> left = standing.left(freed);
                if (left.isPresent()) {
                    if (left.get() == 0) {
                        throw exceeded(
                                standing.whose,
                                standing.usage.bytes,
                                standing.quota.bytes().orElseThrow(),
                                "bytes");
                    }
                    most = Optional.of(Math.min(left.get(), most.orElse(Long.MAX_VALUE)));
                }
            }
            return most;
        }

        /**
         * How much of it one node may keep when it breaks off.
         *
         * @param nodes among how many what is left is divided: none knows what the others keep
         */
        PutTerms.KeptShare keptShare(Namespace namespace, long freed, int nodes) {
            if (standings.isEmpty()) {
                // Removed meanwhile: the commit will say so.
                return PutTerms.KeptShare.UNBOUNDED;
            }
            List<Optional<Long>> shares = standings.stream()
                    .map(standing -> standing.left(freed).map(left -> standing.withinQuota(left) / nodes))
                    .toList();
            return new PutTerms.KeptShare(namespace.id, shares.get(0), namespace.ownerId, shares.get(1));
        }
    }

    /**
     * Refuses folders that were just made, or moved here, beyond a quota of files: it bounds folders too, counted by
     * themselves. They are counted when some are made, in the index and no further than the quota, for they come and go by
     * thousands at a time; so several requests at once can each pass it by what they make.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void requireRoomForFolders(long namespaceId) {
        List<Standing> standings = standings(namespaceId);
        List<String> whose = List.of("n.id = ?", "n.owner_id = (SELECT owner_id FROM namespace WHERE id = ?)");
        for (int i = 0; i < standings.size(); i++) {
            Optional<Long> most = standings.get(i).quota.files();
            if (most.isPresent() && folders(whose.get(i), namespaceId, most.get()) > most.get()) {
                throw exceeded(standings.get(i).whose, most.get(), most.get(), "folders");
            }
        }
    }

    /** Counts one more than {@code most} at most; a namespace's root does not count. */
    private long folders(String whose, long namespaceId, long most) {
        entities.flush();
        return Rows.longs(entities.createNativeQuery("SELECT COUNT(*) FROM (SELECT 1 FROM namespace n JOIN folder d"
                                + " ON d.namespace_id = n.id WHERE " + whose
                                + " AND d.path_sha256 <> ? LIMIT ?) counted")
                        .setParameter(1, namespaceId)
                        .setParameter(2, PathKey.of(""))
                        .setParameter(3, Math.min(most, Integer.MAX_VALUE) + 1))
                .get(0);
    }

    /** What is kept, and may be, by a namespace or by an account. */
    record Standing(String whose, Usage usage, Quota quota) {
        /** In bytes. What does not grow may stay beyond a quota that was lowered. */
        private Optional<Long> left(long freed) {
            return quota.bytes().map(most -> Math.max(0, most - usage.bytes) + freed);
        }

        private long withinQuota(long bytes) {
            return Math.min(bytes, quota.bytes().orElse(bytes));
        }
    }

    /** Of a namespace and of its owner. */
    private List<Standing> standings(long namespaceId) {
        return Rows.first(entities.createNativeQuery(
                                "SELECT n.name, COALESCE(u.files, 0), COALESCE(u.bytes, 0), n.quota_files,"
                                        + " n.quota_bytes, a.name, COALESCE(t.files, 0), COALESCE(t.bytes, 0), a.quota_files,"
                                        + " a.quota_bytes FROM namespace n JOIN account a ON a.id = n.owner_id"
                                        + " LEFT JOIN namespace_usage u ON u.namespace_id = n.id"
                                        + " LEFT JOIN account_usage t ON t.account_id = a.id WHERE n.id = ?")
                        .setParameter(1, namespaceId))
                .map(row -> List.of(
                        new Standing("namespace " + row[0], usage(row[1], row[2]), quota(row[3], row[4])),
                        new Standing("account " + row[5], usage(row[6], row[7]), quota(row[8], row[9]))))
                .orElse(List.of());
    }

    /** What does not grow may stay beyond a quota that was lowered. */
    private static void check(Standing standing, Usage change, Usage notCounted) {
        Usage then = standing.usage.plus(notCounted);
        Quota quota = standing.quota;
        if (change.files > 0 && quota.files().filter(most -> then.files > most).isPresent()) {
            throw exceeded(
                    standing.whose, then.files - change.files, quota.files().get(), "files");
        }
        if (change.bytes > 0 && quota.bytes().filter(most -> then.bytes > most).isPresent()) {
            throw exceeded(
                    standing.whose, then.bytes - change.bytes, quota.bytes().get(), "bytes");
        }
    }

    private static HoldfastException exceeded(String whose, long kept, long most, String unit) {
        return HoldfastException.of(
                FailureKind.TOO_LARGE,
                "quota-exceeded",
                "The quota of the " + whose + " does not allow this: it keeps " + kept + " of " + most + " " + unit
                        + ".");
    }

    static Usage usage(@Nullable Object files, @Nullable Object bytes) {
        return new Usage(Rows.number(files), Rows.number(bytes));
    }

    static Quota quota(@Nullable Object files, @Nullable Object bytes) {
        return new Quota(
                Optional.ofNullable(bytes).map(Rows::number),
                Optional.ofNullable(files).map(Rows::number));
    }

    /** The namespaces of one account now count for another. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void handOn(long fromAccountId, long toAccountId) {
        // Locked before the owner changes: a put that comes later counts for the new owner.
        Usage all = Rows.of(entities.createNativeQuery("SELECT u.files, u.bytes FROM namespace_usage u"
                                + " JOIN namespace n ON n.id = u.namespace_id WHERE n.owner_id = ?"
                                + " ORDER BY u.namespace_id FOR UPDATE")
                        .setParameter(1, fromAccountId))
                .stream()
                .map(row -> usage(row[0], row[1]))
                .reduce(Usage.NONE, Usage::plus);
        entities.createNativeQuery("UPDATE namespace SET owner_id = ? WHERE owner_id = ?")
                .setParameter(1, toAccountId)
                .setParameter(2, fromAccountId)
                .executeUpdate();
        addTo("account_usage (account_id", fromAccountId, all.negated());
        addTo("account_usage (account_id", toAccountId, all);
    }

    private void addTo(String tableAndKey, long id, Usage change) {
        entities.createNativeQuery("INSERT INTO " + tableAndKey + ", files, bytes) VALUES (?, ?, ?)"
                        + " ON DUPLICATE KEY UPDATE files = files + ?, bytes = bytes + ?")
                .setParameter(1, id)
                .setParameter(2, change.files)
                .setParameter(3, change.bytes)
                .setParameter(4, change.files)
                .setParameter(5, change.bytes)
                .executeUpdate();
    }
}
