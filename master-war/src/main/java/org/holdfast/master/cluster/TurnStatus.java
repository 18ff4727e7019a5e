package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down what the leader has found, in a transaction that fails when another master leads by now. */
@ApplicationScoped
public class TurnStatus {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Leadership leadership;

    @Inject
    NodeEvents events;

    @Inject
    Clock clock;

    /** Takes a node to the status that follows; does nothing when it is there already. */
    @Transactional
    public void turn(long id, Finding finding) {
        leadership.requireLeader();
        StorageNode node = entities.find(StorageNode.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (node == null || node.adminState == AdminState.REMOVED) {
            return;
        }
        NodeStatus before = node.status;
        NodeStatus after = before.after(finding.sign());
        if (after == before && !before.provesAfter(finding.sign())) {
            return;
        }
        Instant now = clock.instant();
        if (before == NodeStatus.RUNNING) {
            node.awaySince = finding.heardBefore().orElse(now);
        }
        node.turn(after, now, finding.why());
        if (finding.sign() == NodeStatus.Sign.PASSED) {
            node.provedBootId = node.bootId;
        }
        finding.report().ifPresent(report -> node.hear(report, now));
        events.node(
                node.view(),
                new NodeEvents.Event(
                        "STATUS",
                        Optional.of(new NodeEvents.Change(before.name(), after.name())),
                        finding.why(),
                        Optional.empty()));
    }

    /** Writes down that a node that runs answers late, or in time again; does nothing when that is known. */
    @Transactional
    public void late(long id, boolean late) {
        leadership.requireLeader();
        @Nullable StorageNode node = entities.find(StorageNode.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (node == null || node.status != NodeStatus.RUNNING || late == (node.lateSince != null)) {
            return;
        }
        node.lateSince = late ? clock.instant() : null;
        events.node(
                node.view(),
                NodeEvents.Event.of(
                        "LATE", late ? "It answers late; others are asked first." : "It answers in time again."));
    }

    /** Records what a heartbeat has told beside the status, or why there is still no answer to it. */
    @Transactional
    public void record(long id, Finding finding) {
        leadership.requireLeader();
        @Nullable StorageNode node = entities.find(StorageNode.class, id);
        if (node != null) {
            finding.report()
                    .ifPresentOrElse(
                            report -> node.hear(report, clock.instant()),
                            () -> node.turn(node.status, node.statusSince, finding.why()));
        }
    }
}
