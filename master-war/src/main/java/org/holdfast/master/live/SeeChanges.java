package org.holdfast.master.live;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.holdfast.master.account.Caller;
import org.holdfast.master.catalog.Namespaces;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;

/**
 * Compares what there is with what there was: the view of the nodes, and the last times and numbers that the catalog has
 * of changes, tasks, samples and alarms. A look costs some reads at the ends of indexes, however much there is.
 */
@ApplicationScoped
public class SeeChanges {
    /** How often to look. */
    public static final Duration EVERY = Duration.ofSeconds(1);

    /** More changes than these within a second are in all namespaces, as far as anybody needs to know. */
    private static final int MOST_CHANGES = 5_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    Namespaces namespaces;

    /**
     * Where everything has come to.
     *
     * @param tasks when tasks changed their states
     * @param progress how far they are, what is paused, and how far checks are: of no weight for the store's numbers
     * @param files number of the last change of names
     */
    public record Marks(String nodes, String samples, String tasks, String progress, String alarms, long files) {
        private Set<Topic> changedSince(Marks before) {
            var changed = EnumSet.noneOf(Topic.class);
            if (!nodes.equals(before.nodes)) {
                changed.addAll(Set.of(Topic.NODES, Topic.CLUSTER));
            }
            if (!samples.equals(before.samples)) {
                changed.add(Topic.NODES);
            }
            if (!tasks.equals(before.tasks)) {
                changed.addAll(Set.of(Topic.TASKS, Topic.CLUSTER));
            }
            if (!progress.equals(before.progress)) {
                changed.add(Topic.TASKS);
            }
            if (!alarms.equals(before.alarms)) {
                changed.add(Topic.ALARMS);
            }
            if (files != before.files) {
                changed.addAll(Set.of(Topic.FILES, Topic.CLUSTER));
            }
            return changed;
        }
    }

    /**
     * What has changed between two looks.
     *
     * @param topics to look at again
     * @param namespaces where names have changed; empty: it may be anywhere
     */
    public record Change(Set<Topic> topics, Optional<Set<String>> namespaces) {}

    /** How everything is now. */
    @Transactional
    public Marks look() {
        return new Marks(
                cluster.nodes().stream().map(SeeChanges::facts).collect(Collectors.joining("\n")),
                ends("SELECT 0, MAX(at) FROM node_sample WHERE span_seconds = 10"),
                ends("SELECT state, MAX(changed_at) FROM task GROUP BY state"),
                ends("SELECT COUNT(*), MAX(progress_at) FROM task WHERE state = 'RUNNING'")
                        + ends("SELECT COUNT(*), MAX(paused_at) FROM task_pause")
                        + ends(
                                "SELECT COUNT(*), MAX(updated_at) FROM copy_check WHERE state IN ('WAITING', 'RUNNING')"),
                ends("SELECT COUNT(*), MAX(changed_at) FROM alarm WHERE raised"),
                Rows.longs(entities.createNativeQuery("SELECT COALESCE(MAX(seq), 0) FROM change_log"))
                        .get(0));
    }

    /** All but its room and when it was heard, which change with every heartbeat. */
    private static String facts(NodeView node) {
        var condition = node.condition();
        return node.id() + " " + node.name() + " " + node.terms() + " " + condition.wanted() + " " + condition.seen();
    }

    private String ends(String query) {
        return Rows.of(entities.createNativeQuery(query)).stream()
                .map(Arrays::toString)
                .collect(Collectors.joining());
    }

    /** What lies between two looks. */
    @Transactional
    public Change between(Marks before, Marks now) {
        Set<Topic> topics = now.changedSince(before);
        return new Change(
                topics, topics.contains(Topic.FILES) ? namespaces(before.files, now.files) : Optional.of(Set.of()));
    }

    private Optional<Set<String>> namespaces(long after, long upTo) {
        if (upTo < after || upTo - after > MOST_CHANGES) {
            return Optional.empty();
        }
        List<String> kindsAndNames = Rows.texts(entities.createNativeQuery("SELECT DISTINCT CONCAT(kind, ' ',"
                        + " SUBSTRING_INDEX(path, '/', 1)) FROM change_log WHERE seq > ? AND seq <= ?")
                .setParameter(1, after)
                .setParameter(2, upTo));
        // Of a move the log has the new place only.
        return kindsAndNames.stream().anyMatch(text -> text.startsWith("MOVE "))
                ? Optional.empty()
                : Optional.of(kindsAndNames.stream()
                        .map(text -> text.substring(text.indexOf(' ') + 1))
                        .collect(Collectors.toSet()));
    }

    /** Names of the namespaces in which somebody may use something. */
    @Transactional
    public Set<String> namespacesOf(Caller caller) {
        return namespaces.of(caller).stream()
                .map(Namespaces.NamespaceView::name)
                .collect(Collectors.toSet());
    }
}
