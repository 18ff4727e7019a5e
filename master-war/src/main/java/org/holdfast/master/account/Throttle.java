package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
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
 *   <li>by account and address: after some each further one doubles the wait, up to a longest one;
 *   <li>by address, whatever the accounts: the same after some more;
 *   <li>by account, over all addresses from which its owner has not signed in before, since guesses may come from many:
 *       the same again. Addresses that have guessed wrong lately, and those that have not, are counted
 *       apart: one that guesses on and on slows down its like only. One that has done nothing wrong waits for
 *       {@link ThrottleConfig#longestNew} at most, after the last first guess of another.
 * </ul>
 *
 * <p>A right password resets the count of its account and address, but not its address's: otherwise whoever has an account
 * could go on guessing at others without end. What those who have signed in may not try without end ({@link Tries}) is counted by
 * their account alone. How many are free is in {@link ThrottleConfig}. An address is an IPv4 address or an IPv6 subnet ({@link ClientNetwork}).
 */
@ApplicationScoped
public class Throttle {
    @PersistenceContext
    EntityManager entities;

    @Inject
    KnownAddresses known;

    @Inject
    ThrottleConfig config;

    @Inject
    Clock clock;

    private record Count(int failures, Instant last) {}

    /** Lets the attempt pass; THROTTLED {@code too-many-attempts} otherwise. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public void require(GuessedAt target, Client client) {
        Map<String, Count> counts = counts(target, client);
        Duration wait = max(
                wait(counts.get(pair(target, client)), config.pairFree(), config.longest()),
                wait(counts.get(address(client)), config.addressFree(), config.longest()));
        Duration strangers = isSuspect(counts, target, client)
                ? wait(counts.get(target.suspects()), config.accountFree(), config.longest())
                : wait(counts.get(target.newcomers()), config.accountFree(), config.longestNew());
        if (isPositive(strangers) && !known.isKnown(target, client)) {
            wait = max(wait, strangers);
        }
        refuse(wait, "Too many wrong passwords; try again later.");
    }

    /** Lets another try pass; THROTTLED {@code too-many-attempts} otherwise. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public void require(Tries tries) {
        Duration wait =
                wait(counts(List.of(tries.subject())).get(tries.subject()), config.pairFree(), config.longest());
        refuse(wait, "Too many of these in a short time; try again later.");
    }

    private static void refuse(Duration wait, String sentence) {
        if (isPositive(wait)) {
            throw HoldfastException.throttled("too-many-attempts", sentence, wait.plusMillis(999));
        }
    }

    private Map<String, Count> counts(GuessedAt target, Client client) {
        return counts(List.of(pair(target, client), address(client), target.newcomers(), target.suspects()));
    }

    private Map<String, Count> counts(List<String> subjects) {
        Query query =
                entities.createNativeQuery("SELECT subject, failures, last_at FROM sign_in_failure WHERE subject IN ("
                        + String.join(", ", Collections.nCopies(subjects.size(), "?")) + ") AND last_at >= ?");
        int at = 1;
        for (String subject : subjects) {
            query.setParameter(at++, subject);
        }
        query.setParameter(at, Rows.utc(clock.instant().minus(config.longest())));
        return Rows.of(query).stream()
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
        // 2 to the 30th power is 34 years.
        Duration doubled = Duration.ofSeconds(1L << Math.min(beyond, 30));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    @Transactional
    public void failed(GuessedAt target, Client client) {
        String strangers = isSuspect(counts(target, client), target, client) ? target.suspects() : target.newcomers();
        List.of(pair(target, client), address(client), strangers).forEach(this::count);
    }

    /** Counts a try that is not to come without end. */
    @Transactional
    public void failed(Tries tries) {
        count(tries.subject());
    }

    private void count(String subject) {
        entities.createNativeQuery("INSERT INTO sign_in_failure (subject, failures, last_at) VALUES (?, 1, ?)"
                        + " ON DUPLICATE KEY UPDATE failures = IF(last_at < ?, 1, failures + 1), last_at = ?")
                .setParameter(1, subject)
                .setParameter(2, Rows.utc(clock.instant()))
                .setParameter(3, Rows.utc(clock.instant().minus(config.longest())))
                .setParameter(4, Rows.utc(clock.instant()))
                .executeUpdate();
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
     * which its owner has signed in before: whoever has its password gets in now. Its own tries are forgotten too.
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
        forget(Tries.ofNames(accountId).subject());
        forget(Tries.ofEmails(accountId).subject());
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
