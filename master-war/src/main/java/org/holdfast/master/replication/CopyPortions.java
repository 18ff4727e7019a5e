package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import org.holdfast.master.database.Rows;

/**
 * The copies on one node in portions, for questions about all of them: a statement about a million takes longer than the
 * connections' time-out, and its answer would never come. What changes between two portions may be counted as it was before
 * or after.
 */
@ApplicationScoped
public class CopyPortions {
    /** Narrows a query for rows of {@code replica r} down to one portion; {@link Portion#bind} sets its parameters. */
    public static final String CONDITION = " r.node_id = ? AND r.state = ? AND r.blob_id > ? AND r.blob_id <= ?";

    private static final String BEHIND_ALL = "~";

    @PersistenceContext
    EntityManager entities;

    /**
     * One portion.
     *
     * @param after the blob id behind which it begins
     * @param last the blob id with which it ends, or what is behind all of them
     */
    public record Portion(long nodeId, ReplicaState state, String after, String last) {
        /** Sets the parameters of {@link #CONDITION}, the first of which has this position; returns the next position. */
        public int bind(Query query, int first) {
            query.setParameter(first, nodeId)
                    .setParameter(first + 1, state.name())
                    .setParameter(first + 2, after)
                    .setParameter(first + 3, last);
            return first + 4;
        }
    }

    /** All portions, at least one, in the order of the blobs' ids. */
    @Transactional(Transactional.TxType.MANDATORY)
    public List<Portion> of(long nodeId, ReplicaState state, int atOnce) {
        List<Portion> portions = new ArrayList<>();
        String after = "";
        while (!after.equals(BEHIND_ALL)) {
            String last = lastOf(nodeId, state, after, atOnce);
            portions.add(new Portion(nodeId, state, after, last));
            after = last;
        }
        return portions;
    }

    private String lastOf(long nodeId, ReplicaState state, String after, int atOnce) {
        return Rows.texts(entities.createNativeQuery("SELECT blob_id FROM replica WHERE node_id = ? AND state = ?"
                                + " AND blob_id > ? ORDER BY blob_id LIMIT 1 OFFSET " + (atOnce - 1))
                        .setParameter(1, nodeId)
                        .setParameter(2, state.name())
                        .setParameter(3, after))
                .stream()
                .findFirst()
                .orElse(BEHIND_ALL);
    }
}
