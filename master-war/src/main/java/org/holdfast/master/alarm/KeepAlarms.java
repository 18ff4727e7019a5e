package org.holdfast.master.alarm;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Remembers alarms in the catalog, so that each is told once by whichever master leads. A trouble that goes and comes
 * within {@link AlarmConfig#patience} is one.
 */
@ApplicationScoped
public class KeepAlarms {
    /** How often the leader calls {@link #keep}. */
    public static final Duration EVERY = Duration.ofSeconds(10);

    private static final int MAX_SUBJECT = 64;
    private static final int MAX_SENTENCE = 1_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Leadership leadership;

    @Inject
    MailAlarms mail;

    @Inject
    AlarmConfig config;

    @Inject
    Clock clock;

    /**
     * An alarm that is kept.
     *
     * @param since when it was first seen
     * @param goneAt since when it is not seen any more; empty while it is
     * @param raised whether anybody was told
     */
    record Kept(Alarm alarm, Instant since, Optional<Instant> goneAt, boolean raised) {
        boolean isFor(Alarm other) {
            return alarm.kind() == other.kind() && alarm.subject().equals(other.subject());
        }
    }

    /** An alarm that somebody should look at now. */
    public record View(Alarm alarm, Instant since) {}

    /** Those that are raised and not over, the oldest first. */
    @Transactional
    public List<View> list() {
        return all().stream()
                .filter(kept -> kept.raised && kept.goneAt.isEmpty())
                .map(kept -> new View(kept.alarm, kept.since))
                .toList();
    }

    /** Takes over what is wrong now, and mails what has begun and what is over. Leader only. */
    @Transactional
    public void keep(List<Alarm> found) {
        leadership.requireLeader();
        Instant now = clock.instant();
        List<Alarm> fitting = found.stream().map(KeepAlarms::fitting).toList();
        List<Kept> known = all();
        List<Alarm> begun = new ArrayList<>();
        List<Alarm> over = new ArrayList<>();
        for (Alarm alarm : fitting) {
            Optional<Kept> before =
                    known.stream().filter(kept -> kept.isFor(alarm)).findFirst();
            Kept after = seen(alarm, before, now);
            if (!before.equals(Optional.of(after))) {
                store(after, now);
            }
            if (after.raised && before.filter(Kept::raised).isEmpty()) {
                begun.add(alarm);
            }
        }
        for (Kept kept : known) {
            if (fitting.stream().noneMatch(kept::isFor) && isOver(kept, now)) {
                forget(kept);
                if (kept.raised) {
                    over.add(kept.alarm);
                }
            } else if (fitting.stream().noneMatch(kept::isFor) && kept.goneAt.isEmpty()) {
                store(new Kept(kept.alarm, kept.since, Optional.of(now), kept.raised), now);
            }
        }
        mail.tell(begun, over);
    }

    private Kept seen(Alarm alarm, Optional<Kept> before, Instant now) {
        Instant since = before.map(Kept::since).orElse(now);
        boolean lasts = !alarm.kind().mayPass() || !now.isBefore(since.plus(config.patience()));
        return new Kept(
                alarm,
                since,
                Optional.empty(),
                lasts || before.filter(Kept::raised).isPresent());
    }

    /** What nobody was told of goes at once. */
    private boolean isOver(Kept kept, Instant now) {
        return !kept.raised
                || kept.goneAt
                        .filter(gone -> !now.isBefore(gone.plus(config.patience())))
                        .isPresent();
    }

    private List<Kept> all() {
        return Rows.of(entities.createNativeQuery("SELECT code, severity, subject, sentence, since, gone_at, raised + 0"
                        + " FROM alarm ORDER BY since, code, subject"))
                .stream()
                .map(KeepAlarms::kept)
                .toList();
    }

    private static Kept kept(@Nullable Object[] row) {
        return new Kept(
                new Alarm(
                        Alarm.Kind.ofWord(Rows.text(row[0])),
                        Alarm.Severity.valueOf(Rows.text(row[1])),
                        Rows.text(row[2]),
                        Rows.text(row[3])),
                Rows.instant(row[4]).orElseThrow(),
                Rows.instant(row[5]),
                Rows.number(row[6]) != 0);
    }

    private void store(Kept kept, Instant now) {
        Alarm alarm = kept.alarm;
        entities.createNativeQuery("INSERT INTO alarm (code, subject, severity, sentence, since, gone_at, raised,"
                        + " changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE"
                        + " severity = VALUES(severity), sentence = VALUES(sentence), gone_at = VALUES(gone_at),"
                        + " raised = VALUES(raised), changed_at = VALUES(changed_at)")
                .setParameter(1, alarm.kind().word())
                .setParameter(2, alarm.subject())
                .setParameter(3, alarm.severity().name())
                .setParameter(4, alarm.sentence())
                .setParameter(5, Rows.utc(kept.since))
                .setParameter(6, kept.goneAt.map(Rows::utc).orElse(null))
                .setParameter(7, kept.raised)
                .setParameter(8, Rows.utc(now))
                .executeUpdate();
    }

    private void forget(Kept kept) {
        entities.createNativeQuery("DELETE FROM alarm WHERE code = ? AND subject = ?")
                .setParameter(1, kept.alarm.kind().word())
                .setParameter(2, kept.alarm.subject())
                .executeUpdate();
    }

    /** As the columns take it. */
    private static Alarm fitting(Alarm alarm) {
        return new Alarm(
                alarm.kind(), alarm.severity(), cut(alarm.subject(), MAX_SUBJECT), cut(alarm.sentence(), MAX_SENTENCE));
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
