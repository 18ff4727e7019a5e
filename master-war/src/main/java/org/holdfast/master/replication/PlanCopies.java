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
import org.holdfast.master.placement.Copy;
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
     * Records a blob that has landed on its origin and plans its further copies.
     *
     * @param address name of the file; placement by hash and people who look at tasks use it
     * @param replicas wanted copies besides the origin; as many are planned as there are nodes for, and the walk
     *     over all blobs plans the rest when nodes come
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void plan(Landing landing, FileAddress address, PlacementPolicy policy, int replicas) {
        Instant now = clock.instant();
        NodeView origin = cluster.require(landing.node());
        BlobFacts blob = landing.blob();
        entities.persist(new Blob(blob, now));
        // Replicas and versions refer to it by its key alone: no mapping tells EclipseLink to insert it first.
        entities.flush();
        entities.persist(Replica.landed(blob.id().value(), origin.id(), now));
        List<String> targets = CopyPlan.of(
                        List.of(new Copy(
                                new Place(origin.name(), origin.zone(), origin.host()),
                                Copy.Standing.VERIFIED,
                                Replica.ORIGIN,
                                true,
                                true)),
                        replicas + 1,
                        Placement.inOrder(
                                new Placement.Wish(policy, address.toString(), blob.sizeBytes()),
                                cluster.candidates(Set.of()),
                                ThreadLocalRandom.current()))
                .copyTo();
        int priority = Replica.ORIGIN;
        for (String target : targets) {
            priority++;
            long nodeId = cluster.require(target).id();
            entities.persist(Replica.planned(blob.id().value(), nodeId, priority, now));
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
