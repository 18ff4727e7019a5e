package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.HealConfig;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;
import org.holdfast.master.placement.Copy;
import org.holdfast.master.placement.CopyPlan;
import org.holdfast.master.placement.Place;
import org.holdfast.master.placement.Placement;
import org.holdfast.master.placement.PlacementPolicy;

/** What the catalog and this master know of the copies of blobs, as a plan for them needs it. */
@ApplicationScoped
public class KnownCopies {
    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    HealConfig config;

    @Inject
    Clock clock;

    /**
     * A blob that a file refers to.
     *
     * @param blobId its id
     * @param wanted how many copies there should be
     * @param wish how its nodes are chosen
     * @param rows its copies, and what is being removed on nodes that the catalog has forgotten it on
     */
    record Kept(String blobId, int wanted, Placement.Wish wish, List<Row> rows) {
        String path() {
            return wish.fileName();
        }

        Optional<Row> on(long nodeId) {
            return rows.stream().filter(row -> row.nodeId == nodeId).findFirst();
        }

        /** The first number from {@code first} on that no copy has. */
        int freePriority(int first) {
            int free = first;
            while (hasPriority(free)) {
                free++;
            }
            return free;
        }

        private boolean hasPriority(int number) {
            return rows.stream().anyMatch(row -> row.priority == number);
        }
    }

    /** One copy of a blob. */
    record Row(long nodeId, int priority, ReplicaState state, boolean leaving) {}

    /** Those of the blobs that a file refers to, in order of their ids. Two or three indexed reads per blob. */
    @Transactional(Transactional.TxType.MANDATORY)
    List<Kept> of(Collection<String> blobIds) {
        if (blobIds.isEmpty()) {
            return List.of();
        }
        String marks = Rows.marks(blobIds.size());
        Map<String, List<Row>> rows = rows(blobIds, marks);
        return Rows.of(Rows.fill(
                        entities.createNativeQuery("SELECT b.id, b.size, n.replica_count + 1, n.placement,"
                                + " CONCAT_WS('/', n.name, NULLIF(d.path, ''), f.name) FROM blob_ b"
                                + " JOIN file_version v ON v.blob_id = b.id JOIN file f ON f.id = v.file_id"
                                + " JOIN folder d ON d.id = f.folder_id JOIN namespace n ON n.id = d.namespace_id"
                                + " WHERE b.id IN (" + marks + ") ORDER BY b.id"),
                        1,
                        blobIds))
                .stream()
                .map(row -> new Kept(
                        Rows.text(row[0]),
                        (int) Rows.number(row[2]),
                        new Placement.Wish(
                                PlacementPolicy.valueOf(Rows.text(row[3])), Rows.text(row[4]), Rows.number(row[1])),
                        rows.getOrDefault(Rows.text(row[0]), List.of())))
                .toList();
    }

    private Map<String, List<Row>> rows(Collection<String> blobIds, String marks) {
        Map<String, List<Row>> rows = new HashMap<>();
        Rows.of(Rows.fill(
                        entities.createNativeQuery("SELECT blob_id, node_id, priority, state, leaving FROM replica"
                                + " WHERE blob_id IN (" + marks + ")"),
                        1,
                        blobIds))
                .forEach(row -> rows.computeIfAbsent(Rows.text(row[0]), id -> new ArrayList<>())
                        .add(new Row(
                                Rows.number(row[1]),
                                (int) Rows.number(row[2]),
                                ReplicaState.valueOf(Rows.text(row[3])),
                                isTrue(row[4]))));
        // A copy that landed too late is removed although no row tells of it: a new one must not land in between.
        Rows.of(Rows.fill(
                        entities.createNativeQuery("SELECT blob_id, target_node_id FROM task WHERE blob_id IN (" + marks
                                + ") AND kind = 'DELETE' AND state IN ('QUEUED', 'RUNNING', 'WAITING')"),
                        1,
                        blobIds))
                .forEach(task -> {
                    List<Row> known = rows.computeIfAbsent(Rows.text(task[0]), id -> new ArrayList<>());
                    long node = Rows.number(task[1]);
                    if (known.stream().noneMatch(row -> row.nodeId == node)) {
                        known.add(new Row(node, -1, ReplicaState.DELETING, false));
                    }
                });
        return rows;
    }

    /** What is to be done about a blob's copies, as the nodes are now. */
    CopyPlan plan(Kept kept) {
        return plan(kept, kept.rows);
    }

    /** What is to be done when a node can't take the copy that is planned for it. */
    CopyPlan planWithout(Kept kept, long refusing) {
        return plan(
                kept,
                kept.rows.stream()
                        .map(row -> row.nodeId == refusing
                                ? new Row(row.nodeId, row.priority, ReplicaState.DELETING, true)
                                : row)
                        .toList());
    }

    private CopyPlan plan(Kept kept, List<Row> rows) {
        return CopyPlan.of(
                copies(rows),
                kept.wanted,
                Placement.inOrder(kept.wish, cluster.candidates(Set.of()), ThreadLocalRandom.current()));
    }

    /** Whether a blob is as it should be, and its copy may move from one node to another. */
    boolean mayMove(Kept kept, NodeView from, NodeView to) {
        List<Copy> copies = copies(kept.rows);
        return copies.size() == kept.rows.size()
                && copies.stream().allMatch(copy -> copy.counts() && copy.isGood())
                && copies.size() == kept.wanted
                && CopyPlan.mayMove(copies, place(from), place(to));
    }

    /** How many good copies a blob would still have without the one on a node. */
    long goodElsewhere(Kept kept, long nodeId) {
        return copies(kept.rows.stream().filter(row -> row.nodeId != nodeId).toList()).stream()
                .filter(copy -> copy.counts() && copy.isGood())
                .count();
    }

    private List<Copy> copies(List<Row> rows) {
        Instant now = clock.instant();
        return rows.stream()
                .flatMap(row -> cluster.byId(row.nodeId).map(node -> copy(row, node, now)).stream())
                .toList();
    }

    private Copy copy(Row row, NodeView node, Instant now) {
        var standing = switch (row.state) {
            case PLANNED, COPYING -> Copy.Standing.PLANNED;
            case VERIFIED -> Copy.Standing.VERIFIED;
            case SUSPECT, CORRUPT, LOST -> Copy.Standing.DOUBTFUL;
            case DELETING -> Copy.Standing.GOING;
        };
        return new Copy(
                place(node),
                standing,
                row.priority,
                node.holdsForGood(config.holdOff(), now) && !row.leaving,
                node.canBeSource());
    }

    private static Place place(NodeView node) {
        return new Place(node.name(), node.zone(), node.host());
    }

    private static boolean isTrue(@org.jspecify.annotations.Nullable Object column) {
        return column instanceof Boolean flag ? flag : Rows.number(column) != 0;
    }
}
