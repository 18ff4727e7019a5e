package org.holdfast.master.mail;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.Ulid;
import org.holdfast.master.database.Rows;

/** The mails that are to be sent. Their texts go when they have been sent or given up. */
@ApplicationScoped
public class Outbox {
    /** Where a mail's text has its link to set a password. */
    public static final String LINK = "{link}";

    /** Where it has its link to confirm an e-mail address. */
    public static final String EMAIL_LINK = "{email-link}";

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    /** After two days and some hours of trying. */
    private static final int MAX_ATTEMPTS = 60;

    private static final Duration KEPT = Duration.ofDays(30);
    private static final int MAX_REASON = 500;

    @PersistenceContext
    EntityManager entities;

    @Inject
    MailConfig config;

    @Inject
    Clock clock;

    /**
     * A mail that is due.
     *
     * @param linkId key of the link that takes the place of {@link #LINK} or {@link #EMAIL_LINK}
     * @param attempt number of this attempt, from 1
     */
    record Due(String id, String recipient, String subject, String body, Optional<String> linkId, int attempt) {}

    /** Whether mails are sent at all. */
    public boolean isOn() {
        return config.host().isPresent();
    }

    /** Adds a mail, to be sent when the caller's transaction has been committed. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void add(String recipient, String subject, String body, Optional<String> linkId) {
        Instant now = clock.instant();
        entities.createNativeQuery(
                        "INSERT INTO mail (id, recipient, subject, body, link_id, state, attempt, not_before,"
                                + " created_at, changed_at) VALUES (?, ?, ?, ?, ?, 'WAITING', 0, ?, ?, ?)")
                .setParameter(1, Ulid.next(clock))
                .setParameter(2, recipient)
                .setParameter(3, subject)
                .setParameter(4, body)
                .setParameter(5, linkId.orElse(null))
                .setParameter(6, Rows.utc(now))
                .setParameter(7, Rows.utc(now))
                .setParameter(8, Rows.utc(now))
                .executeUpdate();
    }

    /** Takes the mail that has been due longest; until it is reported upon, the next attempt waits as after a failure. */
    @Transactional
    public Optional<Due> claim() {
        Instant now = clock.instant();
        Optional<Due> due = Rows.first(
                        entities.createNativeQuery("SELECT id, recipient, subject, body, link_id, attempt"
                                        + " FROM mail WHERE state = 'WAITING' AND not_before <= ? ORDER BY not_before LIMIT 1"
                                        + " FOR UPDATE SKIP LOCKED")
                                .setParameter(1, Rows.utc(now)))
                .map(row -> new Due(
                        Rows.text(row[0]),
                        Rows.text(row[1]),
                        Rows.text(row[2]),
                        Rows.text(row[3]),
                        Optional.ofNullable(Rows.textOrNull(row[4])),
                        (int) Rows.number(row[5]) + 1));
        due.ifPresent(mail -> entities.createNativeQuery(
                        "UPDATE mail SET attempt = ?, not_before = ?, changed_at = ? WHERE id = ?")
                .setParameter(1, mail.attempt())
                .setParameter(2, Rows.utc(now.plus(pause(mail.attempt()))))
                .setParameter(3, Rows.utc(now))
                .setParameter(4, mail.id())
                .executeUpdate());
        return due;
    }

    static Duration pause(int attempt) {
        // 30 s doubled seven times is an hour and four minutes.
        return attempt > 7 ? LONGEST_PAUSE : FIRST_PAUSE.multipliedBy(1L << (attempt - 1));
    }

    @Transactional
    public void sent(Due mail) {
        end(mail, "SENT", Optional.empty());
    }

    /** Keeps the reason; gives the mail up when another attempt has no hope. */
    @Transactional
    public void failed(Due mail, String reason, boolean forGood) {
        if (forGood || mail.attempt() >= MAX_ATTEMPTS) {
            end(mail, "DEAD", Optional.of(reason));
        } else {
            entities.createNativeQuery("UPDATE mail SET reason = ?, changed_at = ? WHERE id = ?")
                    .setParameter(1, cut(reason))
                    .setParameter(2, Rows.utc(clock.instant()))
                    .setParameter(3, mail.id())
                    .executeUpdate();
        }
    }

    private void end(Due mail, String state, Optional<String> reason) {
        entities.createNativeQuery("UPDATE mail SET state = ?, body = '', reason = ?, changed_at = ? WHERE id = ?")
                .setParameter(1, state)
                .setParameter(2, reason.map(Outbox::cut).orElse(null))
                .setParameter(3, Rows.utc(clock.instant()))
                .setParameter(4, mail.id())
                .executeUpdate();
    }

    /** How many mails were written before this, and are still to be sent. */
    @Transactional
    public long waitingSince(Instant time) {
        return Rows.longs(entities.createNativeQuery(
                                "SELECT COUNT(*) FROM mail WHERE state = 'WAITING' AND created_at < ?")
                        .setParameter(1, Rows.utc(time)))
                .get(0);
    }

    /** Forgets mails that ended a month ago. */
    @Transactional
    public void sweep() {
        entities.createNativeQuery("DELETE FROM mail WHERE changed_at < ? AND state <> 'WAITING' LIMIT 5000")
                .setParameter(1, Rows.utc(clock.instant().minus(KEPT)))
                .executeUpdate();
    }

    private static String cut(String reason) {
        return reason.substring(0, Math.min(MAX_REASON, reason.length()));
    }
}
