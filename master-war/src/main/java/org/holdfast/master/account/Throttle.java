package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.holdfast.contract.ClientNetwork;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Slows down who guesses passwords, and nobody else. All masters count together; only failures are written. Wrong ones
 * are counted
 *
 * <ul>
 *   <li>by account and address: after {@link #PAIR_FREE} each further one doubles the wait up to {@link #LONGEST};
 *   <li>by address, whatever the accounts: the same after {@link #ADDRESS_FREE};
 *   <li>by account, over all addresses from which its owner has not signed in before, since guesses may come from many:
 *       after {@link #STRANGERS_FREE}. Addresses that have guessed wrong lately, and those that have not, are counted
 *       apart: one that guesses on and on slows down its like only. One that has done nothing wrong waits for
 *       {@link #LONGEST_NEW} at most, after the last first guess of another.
 * </ul>
 *
 * <p>A right password resets the count of its account and address, but not its address's: otherwise whoever has an account
 * could go on guessing at others without end. An address is an IPv4 address or an IPv6 subnet ({@link ClientNetwork}).
 */
@ApplicationScoped
public class Throttle {
    static final int PAIR_FREE = 5;
    static final int ADDRESS_FREE = 20;
    static final int STRANGERS_FREE = 20;

    /** The longest wait, and how long after the last failure all is forgotten. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    /** A botnet with ever new addresses has 1,440 guesses a day, and the owner at a new address a chance. */
    static final Duration LONGEST_NEW = Duration.ofMinutes(1);

    @PersistenceContext
    EntityManager entities;

    @Inject
    KnownAddresses known;

    @Inject
    Clock clock;

    private record Count(int failures, Instant last) {}

    /** Lets the attempt pass; THROTTLED {@code too-many-attempts} otherwise. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public void require(GuessedAt target, Client client) {
        Map<String, Count> counts = counts(target, client);
        Duration wait = max(
                wait(counts.get(pair(target, client)), PAIR_FREE, LONGEST),
                wait(counts.get(address(client)), ADDRESS_FREE, LONGEST));
        Duration strangers = isSuspect(counts, target, client)
                ? wait(counts.get(target.suspects()), STRANGERS_FREE, LONGEST)
                : wait(counts.get(target.newcomers()), STRANGERS_FREE, LONGEST_NEW);
        if (isPositive(strangers) && !known.isKnown(target, client)) {
            wait = max(wait, strangers);
        }
        if (isPositive(wait)) {
            throw HoldfastException.throttled(
                    "too-many-attempts", "Too many wrong passwords; try again later.", wait.plusMillis(999));
        }
    }

    private Map<String, Count> counts(GuessedAt target, Client client) {
        return Rows.of(entities.createNativeQuery("SELECT subject, failures, last_at FROM sign_in_failure"
                                + " WHERE subject IN (?, ?, ?, ?) AND last_at >= ?")
                        .setParameter(1, pair(target, client))
                        .setParameter(2, address(client))
                        .setParameter(3, target.newcomers())
                        .setParameter(4, target.suspects())
                        .setParameter(5, Rows.utc(clock.instant().minus(LONGEST))))
                .stream()
                .collect(Collectors.toMap(
                        row -> Rows.text(row[0]),
                        row -> new Count(
                                (int) Rows.number(row[1]), Rows.instant(row[2]).orElseThrow())));
    }

    private static boolean isSuspect(Map<String, Count> counts, GuessedAt target, Client client) {
        return counts.containsKey(pair(target, client)) || counts.containsKey(address(client));
    }

    private Duration wait(@Nullable Count count, int free, Duration longest) {
        return count == null
                ? Duration.ZERO
                : Duration.between(clock.instant(), count.last.plus(delay(count.failures, free, longest)));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static boolean isPositive(Duration wait) {
        return wait.compareTo(Duration.ZERO) > 0;
    }

    /** How long to wait after so many failures in a row. */
    static Duration delay(int failures, int free, Duration longest) {
        int beyond = failures - free;
        if (beyond < 0) {
            return Duration.ZERO;
        }
        // 2 to the 10th power is 17 minutes: from there on it is the longest.
        Duration doubled = Duration.ofSeconds(1L << Math.min(beyond, 10));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    @Transactional
    public void failed(GuessedAt target, Client client) {
        String strangers = isSuspect(counts(target, client), target, client) ? target.suspects() : target.newcomers();
        for (String subject : List.of(pair(target, client), address(client), strangers)) {
            entities.createNativeQuery("INSERT INTO sign_in_failure (subject, failures, last_at) VALUES (?, 1, ?)"
                            + " ON DUPLICATE KEY UPDATE failures = IF(last_at < ?, 1, failures + 1), last_at = ?")
                    .setParameter(1, subject)
                    .setParameter(2, Rows.utc(clock.instant()))
                    .setParameter(3, Rows.utc(clock.instant().minus(LONGEST)))
                    .setParameter(4, Rows.utc(clock.instant()))
                    .executeUpdate();
        }
    }

    /** Writes only when there is something to reset, or an address to remember. */
    @Transactional
    public void succeeded(GuessedAt target, Client client) {
        known.remember(target, client);
        if (counts(target, client).containsKey(pair(target, client))) {
            forget(pair(target, client));
        }
    }

    /**
     * Forgets all wrong guesses at an account, and those of the addresses that they came from and of the addresses from
     * which its owner has signed in before: whoever has its password gets in now.
     */
    @Transactional
    public void lift(long accountId) {
        GuessedAt target = GuessedAt.account(accountId);
        List<String> pairs =
                Rows.texts(entities.createNativeQuery("SELECT subject FROM sign_in_failure WHERE subject LIKE ?")
                        .setParameter(1, target.key() + "@%"));
        pairs.forEach(pair -> {
            forget(pair);
            forget("address:" + pair.substring(target.key().length() + 1));
        });
        known.of(accountId).forEach(address -> forget("address:" + address));
        forget(target.newcomers());
        forget(target.suspects());
    }

    private void forget(String subject) {
        entities.createNativeQuery("DELETE FROM sign_in_failure WHERE subject = ?")
                .setParameter(1, subject)
                .executeUpdate();
    }

    private static String pair(GuessedAt target, Client client) {
        return target.key() + "@" + client.network();
    }

    private static String address(Client client) {
        return "address:" + client.network();
    }
}
