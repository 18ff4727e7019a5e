package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.NodeReport;
import org.holdfast.master.placement.Candidate;

/** This master's picture of all storage nodes, in memory: requests read it, heartbeats and joins write it. */
@ApplicationScoped
public class ClusterView {
    private final Map<Long, NodeView> nodes = new ConcurrentHashMap<>();

    /** All nodes that have not been removed, by name. */
    public List<NodeView> nodes() {
        return nodes.values().stream()
                .sorted(Comparator.comparing(NodeView::name))
                .toList();
    }

    public Optional<NodeView> byId(long id) {
        return Optional.ofNullable(nodes.get(id));
    }

    public Optional<NodeView> byName(String name) {
        return nodes.values().stream().filter(node -> node.name().equals(name)).findFirst();
    }

    /** The node with this name, or NOT_FOUND. */
    public NodeView require(String name) {
        return byName(name)
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.NOT_FOUND, "not-found", "There is no storage node named " + name + "."));
    }

    /** Nodes that may get new bytes, without the named ones, as placement sees them. */
    public List<Candidate> candidates(Set<String> excluded) {
        return nodes.values().stream()
                .filter(NodeView::canTakeNew)
                .filter(node -> !excluded.contains(node.name()))
                .map(node -> new Candidate(
                        node.name(), node.zone(), node.host(), node.condition().freeBytes()))
                .toList();
    }

    /** The same without those that answer late, unless there are no others. */
    public List<Candidate> promptOnes(List<Candidate> candidates) {
        List<Candidate> prompt = candidates.stream()
                .filter(candidate ->
                        byName(candidate.name()).filter(NodeView::isPrompt).isPresent())
                .toList();
        return prompt.isEmpty() ? candidates : prompt;
    }

    /** Takes over a node as it is stored; what was heard of it later than that stays. */
    void put(NodeView stored) {
        nodes.merge(stored.id(), stored, (known, fresh) -> fresh.orLaterHeard(known));
    }

    void retain(Collection<Long> ids) {
        nodes.keySet().retainAll(ids);
    }

    void heard(long id, NodeReport report, Instant now) {
        nodes.computeIfPresent(id, (key, node) -> node.hearing(report, now));
    }
}
