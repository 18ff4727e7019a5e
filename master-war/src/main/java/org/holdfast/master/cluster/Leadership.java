package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ulid;
import org.holdfast.master.database.Rows;

/**
 * Which of the masters watches over the nodes and their copies: the one that holds the lease in the catalog, by the
 * database's clock. Each change of holder makes the fencing token grow, so that a late leader is told apart.
 *
 * <p>{@link #isLeader} is this master's belief and may be wrong for a moment; what must not be done by two goes through
 * {@link #requireLeader} within its transaction.
 */
@ApplicationScoped
public class Leadership {
    /** With {@link #EVERY}, a leader that dies is followed within 3.5 s. */
    static final Duration LIFE = Duration.ofSeconds(3);

    /** How often to call {@link #seek}. */
    public static final Duration EVERY = Duration.ofMillis(500);

    /** By how much this master stops believing before the lease runs out. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    private volatile String holder = "";
    private volatile Held held = new Held(0, Instant.EPOCH);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Membership membership;

    @Inject
    NodeEvents events;

    @Inject
    HealConfig heal;

    @Inject
    Clock clock;

    /** A lease as this master knows it. */
    private record Held(long token, Instant until) {}

    /** Renews the lease, or takes it when it is free. Tells whether this master leads now. */
    @Transactional
    public boolean seek() {
        Instant asked = clock.instant();
        String me = holder();
        long before = token();
        entities.createNativeQuery("UPDATE lease SET token = IF(holder = ?, token, token + 1), holder = ?,"
                        + " expires_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND"
                        + " WHERE name = 'leader' AND (holder = ? OR expires_at < UTC_TIMESTAMP(6))")
                .setParameter(1, me)
                .setParameter(2, me)
                .setParameter(3, LIFE.toSeconds())
                .setParameter(4, me)
                .executeUpdate();
        Optional<Long> token = Rows.longs(
                        entities.createNativeQuery("SELECT token FROM lease WHERE name = 'leader' AND holder = ?")
                                .setParameter(1, me))
                .stream()
                .findFirst();
        held = new Held(token.orElse(0L), asked.plus(LIFE).minus(MARGIN));
        if (token.isPresent() && token.get() != before) {
            entities.createNativeQuery("UPDATE heal_terms SET hold_off_seconds = ?")
                    .setParameter(1, heal.holdOff().toSeconds())
                    .executeUpdate();
            events.cluster(
                    "LEADER", membership.masterName() + " leads the cluster now, with fencing token " + token.get());
        }
        return isLeader();
    }

    /** Gives the lease back, so that another master need not wait until it runs out. */
    @Transactional
    public void resign() {
        entities.createNativeQuery(
                        "UPDATE lease SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE name = 'leader' AND holder = ?")
                .setParameter(1, holder())
                .executeUpdate();
        held = new Held(0, Instant.EPOCH);
    }

    /** Whether this master believes that it leads. */
    public boolean isLeader() {
        Held known = held;
        return known.token > 0 && clock.instant().isBefore(known.until);
    }

    /** The fencing token of the lease that this master holds, or held last; 0 when it never did. */
    public long token() {
        return held.token;
    }

    /**
     * Makes sure that no other master leads until the caller's transaction ends.
     *
     * @throws HoldfastException UNAVAILABLE {@code not-leader} when this master does not lead
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void requireLeader() {
        boolean leads = !Rows.longs(entities.createNativeQuery("SELECT token FROM lease WHERE name = 'leader'"
                                + " AND holder = ? AND expires_at > UTC_TIMESTAMP(6) LOCK IN SHARE MODE")
                        .setParameter(1, holder()))
                .isEmpty();
        if (!leads) {
            throw HoldfastException.of(
                    FailureKind.UNAVAILABLE, "not-leader", "Another master leads the cluster now; ask again.");
        }
    }

    /** This run of this master: after a restart it is somebody else. */
    private synchronized String holder() {
        if (holder.isEmpty()) {
            holder = membership.masterName() + "/" + Ulid.next(clock);
        }
        return holder;
    }
}
