package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.holdfast.master.database.Rows;

/** How fast copies are made at present. Reads the copies made in the last minute. */
@ApplicationScoped
public class HealingRate {
    private static final Duration PERIOD = Duration.ofMinutes(1);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /** What was made each second, on the average of the last minute. */
    public record Rate(double copiesPerSecond, double bytesPerSecond) {
        /** How long so much will take: whichever of the two takes longer; empty when nothing is being made. */
        public Optional<Duration> timeFor(long copies, long bytes) {
            if (copies == 0) {
                return Optional.of(Duration.ZERO);
            }
            if (copiesPerSecond == 0) {
                return Optional.empty();
            }
            double byBytes = bytesPerSecond == 0 ? 0 : bytes / bytesPerSecond;
            return Optional.of(Duration.ofSeconds((long) Math.ceil(Math.max(copies / copiesPerSecond, byBytes))));
        }
    }

    @Transactional
    public Rate now() {
        var row = Rows.first(entities.createNativeQuery("SELECT COUNT(*), COALESCE(SUM(b.size), 0) FROM task t"
                                + " JOIN blob_ b ON b.id = t.blob_id WHERE t.state = 'DONE' AND t.changed_at > ?"
                                + " AND t.kind = 'REPLICATE'")
                        .setParameter(1, Rows.utc(clock.instant().minus(PERIOD))))
                .orElseThrow();
        double seconds = PERIOD.toSeconds();
        return new Rate(Rows.number(row[0]) / seconds, Rows.number(row[1]) / seconds);
    }
}
