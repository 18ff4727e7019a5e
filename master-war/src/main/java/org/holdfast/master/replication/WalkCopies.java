package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;

/** Looks through one page of a walk and mends what it finds. Leader only; any number of steps may fail and come again. */
@ApplicationScoped
public class WalkCopies {
    /** Blobs mended in one transaction. */
    static final int PAGE = 500;

    /** Copies on a lost disk that are looked at in one step in search of last copies; measured: 0.1 s. */
    static final int SURVEY = 10_000;

    /**
     * Tasks that could be done now and wait: more are not made, so that the outbox stays short and what comes later but
     * is more urgent need not wait. Last copies get as many again.
     */
    static final int READY = 20_000;

    /** Tasks below which a survey plans other copies too, so that workers need not wait for its end. */
    private static final int FEW_READY = 500;

    /** Stages of a walk over a node; stage 0 is the survey. */
    private static final List<ReplicaState> STATES = List.of(
            ReplicaState.VERIFIED,
            ReplicaState.PLANNED,
            ReplicaState.COPYING,
            ReplicaState.SUSPECT,
            ReplicaState.CORRUPT,
            ReplicaState.LOST,
            ReplicaState.DELETING);

    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    Leadership leadership;

    @Inject
    MendCopies mendCopies;

    @Inject
    ForgetNode forgetNode;

    @Inject
    NodesThatCount nodes;

    @Inject
    Clock clock;

    /** Blobs to be mended; the position after them; whether nothing follows. */
    private record Page(List<String> blobs, int looked, String last, boolean isLast) {
        static Page of(List<String> found) {
            return new Page(
                    found, found.size(), found.isEmpty() ? "" : found.get(found.size() - 1), found.size() < PAGE);
        }
    }

    /** Looks through the next page of a walk. */
    @Transactional
    public void step(Walks.Due due) {
        step(due, mendCopies::mend);
    }

    /** The blobs of the next page; for one that can't be mended as a whole. */
    @Transactional
    public List<String> next(Walks.Due due) {
        Walk walk = entities.find(Walk.class, due.key());
        return walk == null ? List.of() : page(walk, ready()).blobs;
    }

    /** Goes past the next page, after its blobs were mended one by one, as far as that was possible. */
    @Transactional
    public void pass(Walks.Due due) {
        step(due, blobs -> new MendCopies.Mended(0, 0, 0));
    }

    private void step(Walks.Due due, Function<List<String>, MendCopies.Mended> mend) {
        leadership.requireLeader();
        Walk walk = entities.find(Walk.class, due.key(), LockModeType.PESSIMISTIC_WRITE);
        if (walk == null) {
            return;
        }
        Instant now = clock.instant();
        long ready = ready();
        if (walk.key.kind != Walk.Kind.RETURNED && ready >= (isSurvey(walk) ? 2 * READY : READY)) {
            walk.nextAt = now.plusSeconds(1);
            return;
        }
        Page page = page(walk, ready);
        MendCopies.Mended mended = mend.apply(page.blobs);
        boolean removed = isOfNode(walk) && cluster.byId(walk.key.subjectId).isEmpty();
        if (removed && !isSurvey(walk)) {
            forgetNode.forget(walk.key.subjectId, page.blobs);
        }
        if (isSurvey(walk)) {
            walk.surveyed(mended, page.last);
        } else {
            walk.note(page.looked, mended, page.last);
        }
        if (page.isLast) {
            pageWasLast(walk, removed, clock.instant());
        }
    }

    private static boolean isOfNode(Walk walk) {
        return walk.key.kind == Walk.Kind.LEAVING || walk.key.kind == Walk.Kind.RETURNED;
    }

    private static boolean isSurvey(Walk walk) {
        return walk.key.kind == Walk.Kind.LEAVING && walk.stage == 0;
    }

    private void pageWasLast(Walk walk, boolean removed, Instant now) {
        if (isOfNode(walk) && walk.stage < STATES.size()) {
            walk.stage++;
            walk.position = "";
            return;
        }
        boolean once = removed || walk.key.kind == Walk.Kind.RETURNED || walk.key.kind == Walk.Kind.NAMESPACE;
        if (once) {
            entities.remove(walk);
        } else {
            walk.rest(now);
        }
    }

    private Page page(Walk walk, long ready) {
        return switch (walk.key.kind) {
            case ALL ->
                Page.of(Rows.texts(
                        entities.createNativeQuery("SELECT id FROM blob_ WHERE id > ? ORDER BY id LIMIT " + PAGE)
                                .setParameter(1, walk.position)));
            case NAMESPACE -> ofNamespace(walk);
            case RETURNED -> walk.stage == 0 ? new Page(List.of(), 0, "", true) : ofNode(walk);
            case LEAVING -> walk.stage == 0 ? survey(walk, ready) : ofNode(walk);
        };
    }

    private Page ofNode(Walk walk) {
        return Page.of(Rows.texts(entities.createNativeQuery("SELECT blob_id FROM replica FORCE INDEX (replica_by_node)"
                        + " WHERE node_id = ? AND state = ? AND blob_id > ? ORDER BY blob_id LIMIT " + PAGE)
                .setParameter(1, walk.key.subjectId)
                .setParameter(2, STATES.get(walk.stage - 1).name())
                .setParameter(3, walk.position)));
    }

    /** In order of the versions' keys, so that each page begins where the last ended; reads those of all once per walk. */
    private Page ofNamespace(Walk walk) {
        var rows = Rows.of(entities.createNativeQuery("SELECT STRAIGHT_JOIN v.id, v.blob_id"
                        + " FROM file_version v JOIN file f ON f.id = v.file_id JOIN folder d ON d.id = f.folder_id"
                        + " WHERE d.namespace_id = ? AND v.id > ? ORDER BY v.id LIMIT " + PAGE)
                .setParameter(1, walk.key.subjectId)
                .setParameter(2, walk.position.isEmpty() ? 0L : Long.parseLong(walk.position)));
        List<String> blobs = rows.stream().map(row -> Rows.text(row[1])).toList();
        String last = rows.isEmpty() ? "" : Rows.text(rows.get(rows.size() - 1)[0]);
        return new Page(blobs, blobs.size(), last, rows.size() < PAGE);
    }

    /** Looks for files of which the copies that can be read are one or none; also takes others while workers are idle. */
    private Page survey(Walk walk, long ready) {
        var rows = Rows.of(entities.createNativeQuery("SELECT r.blob_id, (SELECT COUNT(*) FROM replica o"
                        + " WHERE o.blob_id = r.blob_id AND o.state = 'VERIFIED' AND o.node_id IN ("
                        + nodes.with(NodeView::canBeSource)
                        + ")) FROM replica r FORCE INDEX (replica_by_node)"
                        + " WHERE r.node_id = ? AND r.state = 'VERIFIED' AND r.blob_id > ?"
                        + " ORDER BY r.blob_id LIMIT " + SURVEY)
                .setParameter(1, walk.key.subjectId)
                .setParameter(2, walk.position));
        int others = ready < FEW_READY ? FEW_READY : 0;
        List<String> chosen = new ArrayList<>();
        int looked = 0;
        for (var row : rows) {
            looked++;
            boolean endangered = Rows.number(row[1]) <= 1;
            if (endangered || others > 0) {
                chosen.add(Rows.text(row[0]));
                others -= endangered ? 0 : 1;
            }
            if (chosen.size() == PAGE) {
                break;
            }
        }
        String last = looked == 0 ? "" : Rows.text(rows.get(looked - 1)[0]);
        return new Page(chosen, looked, last, looked == rows.size() && rows.size() < SURVEY);
    }

    /** Tasks that wait for nothing but their turn. */
    private long ready() {
        return Rows.longs(entities.createNativeQuery(
                        "SELECT COUNT(*) FROM task WHERE state = 'QUEUED' AND target_node_id IN ("
                                + nodes.with(NodeView::canTakeNew) + ")"))
                .get(0);
    }
}
