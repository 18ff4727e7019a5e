package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.NodeReport;
import org.holdfast.master.database.Rows;

/** The stored side of the storage nodes. */
@ApplicationScoped
public class NodeRegister {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /**
     * Registers a node, or takes over a known one's present address. A name and a disk belong together for ever.
     *
     * @throws HoldfastException CONFLICT {@code node-name-taken} or {@code disk-known}
     */
    @Transactional
    public void join(JoinRequest request) {
        requireUrls(request);
        NodeReport report = request.report();
        Optional<StorageNode> sameName = find("name", report.name());
        Optional<StorageNode> sameDisk = find("diskUuid", report.diskUuid());
        if (sameName.isPresent() && !sameName.get().diskUuid.equals(report.diskUuid())) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "node-name-taken",
                    "The name " + report.name() + " belongs to another disk; give this node a name of its own,"
                            + " or its old data directory back.");
        }
        if (sameDisk.isPresent() && !sameDisk.get().name.equals(report.name())) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "disk-known",
                    "This data directory belongs to the node " + sameDisk.get().name + ".");
        }
        StorageNode node = sameName.orElseGet(() -> {
            var made = new StorageNode(request, clock.instant());
            entities.persist(made);
            return made;
        });
        node.announce(request);
    }

    /** All nodes but removed ones. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<NodeView> all() {
        return entities.createQuery("select n from StorageNode n where n.adminState <> :removed", StorageNode.class)
                .setParameter("removed", AdminState.REMOVED)
                .getResultStream()
                .map(StorageNode::view)
                .toList();
    }

    /** Number of the catalog's last change that nodes can apply; 0 for none. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public long headSeq() {
        return Rows.longs(entities.createNativeQuery("SELECT COALESCE(MAX(seq), 0) FROM change_log"))
                .get(0);
    }

    private Optional<StorageNode> find(String attribute, String value) {
        return entities.createQuery("select n from StorageNode n where n." + attribute + " = :value", StorageNode.class)
                .setParameter("value", value)
                .getResultStream()
                .findFirst();
    }

    private static void requireUrls(JoinRequest request) {
        if (!request.report().name().matches("[a-z0-9][a-z0-9.-]{0,62}")) {
            throw invalid("A node's name has 1 to 63 of the characters a-z 0-9 . - and starts with a letter or digit.");
        }
        for (String url : List.of(request.url(), request.publicUrl())) {
            try {
                URI uri = URI.create(url);
                if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme()) || url.endsWith("/")) {
                    throw invalid("A node's URL looks like http://host:port, without a slash at the end.");
                }
            } catch (IllegalArgumentException e) {
                throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "A node's URL is malformed.", e);
            }
        }
    }

    private static HoldfastException invalid(String sentence) {
        return HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence);
    }
}
