package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.database.Rows;

/**
 * Slows down who guesses passwords: after {@link #NAME_FREE} wrong ones for a name, or {@link #ADDRESS_FREE} from an
 * address, each further one doubles the wait, from a second to {@link #LONGEST}. All masters count together; only
 * failures are written.
 *
 * <p>A right password resets its name's count, but not its address's: otherwise whoever has an account could go on
 * guessing at others without end.
 */
@ApplicationScoped
public class Throttle {
    static final int NAME_FREE = 5;
    static final int ADDRESS_FREE = 20;

    /** The longest wait, and how long after the last failure all is forgotten. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /** Lets the attempt pass; THROTTLED {@code too-many-attempts} otherwise. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public void require(String login, Client client) {
        Instant now = clock.instant();
        Duration wait = Rows.of(entities.createNativeQuery(
                                "SELECT subject, failures, last_at FROM sign_in_failure WHERE subject IN (?, ?)")
                        .setParameter(1, ofName(login))
                        .setParameter(2, ofAddress(client)))
                .stream()
                .map(row -> {
                    int free = Rows.text(row[0]).startsWith("name:") ? NAME_FREE : ADDRESS_FREE;
                    Instant last = Rows.instant(row[2]).orElseThrow();
                    return Duration.between(now, last.plus(delay((int) Rows.number(row[1]), free)));
                })
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        if (wait.compareTo(Duration.ZERO) > 0) {
            throw HoldfastException.throttled(
                    "too-many-attempts", "Too many wrong passwords; try again later.", wait.plusMillis(999));
        }
    }

    /** How long to wait after so many failures in a row. */
    static Duration delay(int failures, int free) {
        int beyond = failures - free;
        if (beyond < 0) {
            return Duration.ZERO;
        }
        // 2 to the 10th power is 17 minutes: from there on it is the longest.
        return beyond >= 10 ? LONGEST : Duration.ofSeconds(1L << beyond);
    }

    @Transactional
    public void failed(String login, Client client) {
        for (String subject : new String[] {ofName(login), ofAddress(client)}) {
            entities.createNativeQuery("INSERT INTO sign_in_failure (subject, failures, last_at) VALUES (?, 1, ?)"
                            + " ON DUPLICATE KEY UPDATE failures = IF(last_at < ?, 1, failures + 1), last_at = ?")
                    .setParameter(1, subject)
                    .setParameter(2, Rows.utc(clock.instant()))
                    .setParameter(3, Rows.utc(clock.instant().minus(LONGEST)))
                    .setParameter(4, Rows.utc(clock.instant()))
                    .executeUpdate();
        }
    }

    /** Writes only when there is something to reset. */
    @Transactional
    public void succeeded(String login) {
        boolean counted = !Rows.longs(
                        entities.createNativeQuery("SELECT failures FROM sign_in_failure WHERE subject = ?")
                                .setParameter(1, ofName(login)))
                .isEmpty();
        if (counted) {
            entities.createNativeQuery("DELETE FROM sign_in_failure WHERE subject = ?")
                    .setParameter(1, ofName(login))
                    .executeUpdate();
        }
    }

    /** Hashed, since people type passwords where names belong, and names have no bound. */
    private static String ofName(String login) {
        try {
            byte[] text = login.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            return "name:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String ofAddress(Client client) {
        return "address:" + client.address();
    }
}
