package org.holdfast.master.alarm;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.holdfast.contract.TlsIdentity;
import org.holdfast.master.catalog.CatalogGaps;
import org.holdfast.master.catalog.ClusterTotals;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeRegister;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.CatalogDisk;
import org.holdfast.master.database.Rows;
import org.holdfast.master.mail.Outbox;

/** Looks what is wrong now: in the catalog, and in what this master knows of nodes and certificates. */
@ApplicationScoped
public class FindAlarms {
    private static final Duration CERTIFICATE_IS_CRITICAL = Duration.ofDays(7);

    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    ClusterTotals totals;

    @Inject
    CertificateEnds certificates;

    @Inject
    CatalogGaps gaps;

    @Inject
    Outbox outbox;

    @Inject
    CatalogDisk disk;

    @Inject
    AlarmConfig config;

    @Inject
    Clock clock;

    /** All that is wrong at this moment, whether it lasts or not. */
    @Transactional
    public List<Alarm> find() {
        Instant now = clock.instant();
        return Stream.of(
                        deadTasks().stream(),
                        cluster.nodes().stream().flatMap(node -> node(node).stream()),
                        refusals(now).stream(),
                        cluster.nodes().stream().flatMap(node -> space(node).stream()),
                        catalogSpace().stream(),
                        copies(now).stream(),
                        unreadable().stream(),
                        gap().stream(),
                        certificates.known().entrySet().stream()
                                .flatMap(end -> certificate(end.getKey(), end.getValue(), now).stream()),
                        mails(now).stream())
                .flatMap(found -> found)
                .toList();
    }

    private Optional<Alarm> deadTasks() {
        long dead = count("SELECT COUNT(*) FROM task WHERE state = 'DEAD'");
        return dead == 0
                ? Optional.empty()
                : Optional.of(new Alarm(
                        Alarm.Kind.DEAD_TASKS,
                        Alarm.Severity.WARNING,
                        "tasks",
                        counted(dead, "task was", "tasks were")
                                + " given up. Mend what their reasons tell, then retry or dismiss them."));
    }

    private static Optional<Alarm> node(NodeView node) {
        String why =
                node.condition().seen().reason().map(reason -> " " + reason).orElse("");
        if (node.hasFailed()) {
            return Optional.of(new Alarm(
                    Alarm.Kind.NODE_FAILED,
                    Alarm.Severity.CRITICAL,
                    node.name(),
                    node.name() + " has failed." + why + " Mend it and put it in service again, or take it out."));
        }
        return node.isMissed()
                ? Optional.of(new Alarm(
                        Alarm.Kind.NODE_DOWN,
                        Alarm.Severity.WARNING,
                        node.name(),
                        node.name() + " does not answer." + why + " See whether its machine and its process run."))
                : Optional.empty();
    }

    /** Somebody tries to join as a node that is there, or with its disk: by a mistake, or by intent. */
    private List<Alarm> refusals(Instant now) {
        Map<Long, String> latest = new TreeMap<>();
        Rows.of(entities.createNativeQuery(
                                "SELECT node_id, detail FROM node_event WHERE kind = ? AND at > ? ORDER BY id")
                        .setParameter(1, NodeRegister.REFUSED)
                        .setParameter(2, Rows.utc(now.minus(NodeRegister.REFUSAL_EVERY))))
                .forEach(row -> latest.put(Rows.number(row[0]), Rows.text(row[1])));
        return latest.entrySet().stream()
                .flatMap(refusal -> cluster
                        .byId(refusal.getKey())
                        .map(node -> new Alarm(
                                Alarm.Kind.NODE_TWICE, Alarm.Severity.WARNING, node.name(), refusal.getValue()))
                        .stream())
                .toList();
    }

    private Optional<Alarm> space(NodeView node) {
        long capacity = node.condition().room().capacityBytes();
        // In doubles: a hundred times a capacity may be more than a long holds.
        double freePercent = capacity <= 0 ? 100 : 100.0 * node.condition().freeBytes() / capacity;
        if (!node.canTakeNew() || freePercent >= config.freePercent()) {
            return Optional.empty();
        }
        boolean isFull = freePercent < config.freePercent() / 3.0;
        return Optional.of(new Alarm(
                Alarm.Kind.SPACE,
                isFull ? Alarm.Severity.CRITICAL : Alarm.Severity.WARNING,
                node.name(),
                node.name() + " has " + (long) freePercent
                        + " % of its room left. Add a node, rebalance, or delete what is not needed."));
    }

    private Optional<Alarm> catalogSpace() {
        return disk.room()
                .filter(room ->
                        disk.isFull(room) || 100.0 * room.freeBytes() < 1.0 * config.freePercent() * room.totalBytes())
                .map(room -> new Alarm(
                        Alarm.Kind.CATALOG_SPACE,
                        disk.isFull(room) ? Alarm.Severity.CRITICAL : Alarm.Severity.WARNING,
                        "catalog",
                        "The disk of the catalog's database has " + (room.freeBytes() >> 20)
                                + " MiB left. Make room on it, or move the database to a larger one. "
                                + (disk.isFull(room)
                                        ? "No file can be put until there are "
                                        : "No file can be put with less than ")
                                + (disk.reserveBytes() >> 20) + " MiB; what is there can be read and deleted."));
    }

    /** Copies on their way for too long, and copies that have nowhere to go. */
    private Optional<Alarm> copies(Instant now) {
        long late = Rows.longs(entities.createNativeQuery("SELECT COUNT(DISTINCT blob_id) FROM task"
                                + " WHERE state IN ('QUEUED', 'RUNNING', 'WAITING') AND kind = 'REPLICATE'"
                                + " AND created_at < ?")
                        .setParameter(1, Rows.utc(now.minus(config.copiesWait()))))
                .get(0);
        long placeless = count("SELECT COALESCE(SUM(blocked), 0) FROM walk WHERE kind = 'ALL'");
        if (late == 0 && placeless == 0) {
            return Optional.empty();
        }
        String waiting = late == 0
                ? ""
                : counted(late, "file has", "files have") + " waited for copies for more than "
                        + config.copiesWait().toMinutes() + " minutes; their tasks tell why. ";
        String homeless = placeless == 0
                ? ""
                : counted(placeless, "copy has", "copies have")
                        + " no node to go to. Add a node, or bring one back that is away or full.";
        return Optional.of(
                new Alarm(Alarm.Kind.UNDER_REPLICATED, Alarm.Severity.WARNING, "copies", (waiting + homeless).strip()));
    }

    /** By the last count, and by how the nodes are now. */
    private Optional<Alarm> unreadable() {
        long unreadable =
                totals.known().map(known -> known.copies().unreadable()).orElse(0L);
        return unreadable == 0
                ? Optional.empty()
                : Optional.of(new Alarm(
                        Alarm.Kind.UNREADABLE,
                        Alarm.Severity.CRITICAL,
                        "files",
                        counted(unreadable, "file has", "files have")
                                + " no copy that can be read now. Bring the nodes back that have them."));
    }

    private Optional<Alarm> gap() {
        return gaps.gap()
                .map(gap -> new Alarm(
                        Alarm.Kind.CATALOG_BEHIND,
                        Alarm.Severity.CRITICAL,
                        "catalog",
                        "The catalog was restored from an older state: it lacks the changes " + gap.firstSeq() + " to "
                                + gap.lastSeq() + ", which " + gap.nodes()
                                + " had applied. Files that were put meanwhile"
                                + " are on the nodes, unknown to it (" + counted(gap.unknownBlobs(), "blob", "blobs")
                                + " found until now), and are kept. Fetch what you need (docs/operations/recovering.md),"
                                + " then: setup/sql \"DELETE FROM catalog_gap\"; the next scrub takes the rest into"
                                + " quarantine."));
    }

    static Optional<Alarm> certificate(String server, Instant end, Instant now) {
        if (end.isAfter(now.plus(TlsIdentity.WARN_WITHIN))) {
            return Optional.empty();
        }
        return Optional.of(new Alarm(
                Alarm.Kind.CERTIFICATE,
                end.isAfter(now.plus(CERTIFICATE_IS_CRITICAL)) ? Alarm.Severity.WARNING : Alarm.Severity.CRITICAL,
                server,
                "The certificate of " + server + " ends at " + end
                        + ". Renew it (setup/certificates renew) and restart what uses it."));
    }

    private Optional<Alarm> mails(Instant now) {
        long waiting = outbox.waitingSince(now.minus(config.mailsWait()));
        return waiting == 0
                ? Optional.empty()
                : Optional.of(new Alarm(
                        Alarm.Kind.MAIL,
                        Alarm.Severity.WARNING,
                        "mail",
                        counted(waiting, "mail has", "mails have") + " waited for more than "
                                + config.mailsWait().toMinutes()
                                + " minutes. See whether the mail server answers; the table mail tells the reason."));
    }

    private long count(String query) {
        return Rows.longs(entities.createNativeQuery(query)).get(0);
    }

    private static String counted(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
