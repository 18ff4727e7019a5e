package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.Landing;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ulid;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.placement.CopyPlan;
import org.holdfast.master.placement.Place;
import org.holdfast.master.placement.Placement;
import org.holdfast.master.placement.PlacementPolicy;

/** Writes down which copies are wanted, and the tasks that make them, within the transaction that makes them necessary. */
@ApplicationScoped
public class PlanCopies {
    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    Clock clock;

    @Inject
    Event<TasksDue> tasksDue;

    /**
     * Records a blob that has landed on its origin, and on partners of it, and plans its further copies.
     *
     * @param address name of the file; placement by hash and people who look at tasks use it
     * @param replicas wanted copies besides the origin; as many are planned as there are nodes for, and the walk
     *     over all blobs plans the rest when nodes come
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void plan(Landing landing, FileAddress address, PlacementPolicy policy, int replicas) {
        Instant now = clock.instant();
        List<NodeView> holders = landing.nodes().stream().map(cluster::require).toList();
        BlobFacts blob = landing.blob();
        entities.persist(new Blob(blob, now));
        // Replicas and versions refer to it by its key alone: no mapping tells EclipseLink to insert it first.
        entities.flush();
        int priority = Replica.ORIGIN;
        for (NodeView holder : holders) {
            entities.persist(Replica.landed(blob.id().value(), holder.id(), priority, now));
            priority++;
        }
        var wish = new Placement.Wish(policy, address.toString(), blob.sizeBytes());
        List<String> targets = CopyPlan.further(
                holders.stream()
                        .map(node -> new Place(node.name(), node.zone(), node.host()))
                        .toList(),
                replicas + 1,
                Placement.inOrder(wish, cluster.candidates(Set.of()), ThreadLocalRandom.current()));
        for (String target : targets) {
            long nodeId = cluster.require(target).id();
            entities.persist(Replica.planned(blob.id().value(), nodeId, priority, now));
            priority++;
            entities.persist(new Task(
                    Ulid.next(clock),
                    new Task.Subject(
                            TaskMessage.Kind.REPLICATE,
                            Urgency.NORMAL,
                            blob.id().value(),
                            nodeId,
                            address.toString()),
                    now,
                    now));
        }
        if (!targets.isEmpty()) {
            tasksDue.fire(new TasksDue());
        }
    }
}
