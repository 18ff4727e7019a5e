package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ulid;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.SealedText;
import org.holdfast.master.database.Rows;

/**
 * Links with which people without an account read a file, or a folder and all below it. A link does nothing that its maker
 * could not do, and ends with the maker's right to let others in. Its text is sealed and not kept.
 */
@ApplicationScoped
public class ShareLinks {
    /** How long a link lasts, unless its maker says otherwise. */
    public static final Duration LIFE = Duration.ofDays(7);

    /** The longest that anybody may ask for. */
    public static final Duration LONGEST = Duration.ofDays(366);

    private static final int MAX_PER_THING = 100;
    private static final String PURPOSE = "holdfast-share-link-1";

    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    @Inject
    SharedThing things;

    @Inject
    Accounts accounts;

    @Inject
    SealedText seal;

    @Inject
    Clock clock;

    /** A link as those see it who may make one; {@code address} is what it leads to. */
    public record View(
            String id, FileAddress address, String madeBy, Instant madeAt, Instant expiresAt, boolean hasPassword) {}

    /**
     * What somebody with a link has in hand.
     *
     * @param maker as whom the link reads
     * @param address of the file or the folder
     * @param passwordHash of the password that has to be told first
     */
    public record Opened(
            String id, Caller maker, FileAddress address, boolean isFolder, Optional<String> passwordHash) {
        /** As the audit log is to call whoever reads by it. Blanks are in no account's name. */
        public String reader() {
            return "link " + id;
        }
    }

    /**
     * Makes a link; returns its key.
     *
     * @throws HoldfastException INVALID {@code invalid-parameter} for a time that is over or too far away; NOT_FOUND or
     *     FORBIDDEN for who may not let others in; CONFLICT when there are too many
     */
    @Transactional
    public String make(Caller caller, FileAddress address, Instant expiresAt, Optional<String> passwordHash) {
        Instant now = clock.instant();
        if (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(LONGEST))) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "A link ends in the future, and within " + LONGEST.toDays() + " days.");
        }
        Namespace namespace = names.namespace(caller, address, FileOperation.GRANT);
        SharedThing.Key thing = things.at(namespace, address);
        removeExpired();
        long there = Rows.longs(
                        entities.createNativeQuery("SELECT COUNT(*) FROM share_link WHERE " + thing.column() + " = ?")
                                .setParameter(1, thing.id()))
                .get(0);
        if (there >= MAX_PER_THING) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT, "conflict", address + " has " + there + " links; end some of them first.");
        }
        String id = Ulid.next(clock);
        entities.createNativeQuery("INSERT INTO share_link (id, " + thing.column()
                        + ", made_by, made_at, expires_at, password_hash) VALUES (?, ?, ?, ?, ?, ?)")
                .setParameter(1, id)
                .setParameter(2, thing.id())
                .setParameter(3, caller.accountId())
                .setParameter(4, Rows.utc(now))
                .setParameter(5, Rows.utc(expiresAt))
                .setParameter(6, passwordHash.orElse(null))
                .executeUpdate();
        return id;
    }

    /** What is told to those who get the link: the key, sealed. */
    public String token(String id) {
        return seal.seal(PURPOSE, id);
    }

    /** The links to this very address, the newest first; for who may make one. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<View> list(Caller caller, FileAddress address) {
        SharedThing.Key thing = things.at(names.namespace(caller, address, FileOperation.GRANT), address);
        return Rows.of(entities.createNativeQuery("SELECT l.id, a.name, l.made_at, l.expires_at,"
                                + " l.password_hash IS NOT NULL FROM share_link l JOIN account a ON a.id = l.made_by"
                                + " WHERE l." + thing.column() + " = ? AND l.expires_at > ? ORDER BY l.id DESC")
                        .setParameter(1, thing.id())
                        .setParameter(2, Rows.utc(clock.instant())))
                .stream()
                .map(row -> new View(
                        Rows.text(row[0]),
                        address,
                        Rows.text(row[1]),
                        Rows.instant(row[2]).orElseThrow(),
                        Rows.instant(row[3]).orElseThrow(),
                        Rows.number(row[4]) != 0))
                .toList();
    }

    /** Ends a link to this very address; NOT_FOUND when there is none with this key. */
    @Transactional
    public void end(Caller caller, FileAddress address, String id) {
        SharedThing.Key thing = things.at(names.namespace(caller, address, FileOperation.GRANT), address);
        int ended = entities.createNativeQuery("DELETE FROM share_link WHERE id = ? AND " + thing.column() + " = ?")
                .setParameter(1, id)
                .setParameter(2, thing.id())
                .executeUpdate();
        if (ended == 0) {
            throw HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is no such link to " + address + ".");
        }
    }

    /** Ends all links that an account has made. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void endAllOf(long accountId) {
        entities.createNativeQuery("DELETE FROM share_link WHERE made_by = ?")
                .setParameter(1, accountId)
                .executeUpdate();
    }

    /** What is behind a link's text; NOT_FOUND {@code link-not-valid} for whatever is no good, without telling why. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Opened open(String token) {
        String id = seal.open(PURPOSE, token).orElseThrow(ShareLinks::notValid);
        var row = Rows.first(entities.createNativeQuery("SELECT a.name, n.name, d.path, f.name, l.password_hash"
                                + " FROM share_link l JOIN account a ON a.id = l.made_by LEFT JOIN file f ON f.id = l.file_id"
                                + " JOIN folder d ON d.id = COALESCE(l.folder_id, f.folder_id)"
                                + " JOIN namespace n ON n.id = d.namespace_id WHERE l.id = ? AND l.expires_at > ?")
                        .setParameter(1, id)
                        .setParameter(2, Rows.utc(clock.instant())))
                .orElseThrow(ShareLinks::notValid);
        var folder = new FileAddress(Rows.text(row[1]), Rows.text(row[2]));
        Optional<String> file = Optional.ofNullable(Rows.textOrNull(row[3]));
        FileAddress address = file.map(folder::child).orElse(folder);
        try {
            Caller maker = accounts.require(Rows.text(row[0]));
            var unused = names.namespace(maker, address, FileOperation.GRANT);
            return new Opened(id, maker, address, file.isEmpty(), Optional.ofNullable(Rows.textOrNull(row[4])));
        } catch (HoldfastException e) {
            throw notValid();
        }
    }

    private void removeExpired() {
        entities.createNativeQuery("DELETE FROM share_link WHERE expires_at <= ? LIMIT 1000")
                .setParameter(1, Rows.utc(clock.instant()))
                .executeUpdate();
    }

    /** The one answer to links that are forged, too old, ended, or whose maker may not let others in any more. */
    public static HoldfastException notValid() {
        return HoldfastException.of(
                FailureKind.NOT_FOUND,
                "link-not-valid",
                "This link is not valid, or not any more; ask whoever gave it to you for a new one.");
    }
}
