package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Clock;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;

/** Answers "may I pull this disk?". Looks at every copy on it: about ten seconds for a million. */
@ApplicationScoped
public class SafeToRemove {
    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    NodesThatCount nodes;

    @Inject
    CopyPortions portions;

    @Inject
    Clock clock;

    /** Files and their bytes. */
    public record Amount(long files, long bytes) {
        private Amount plus(Amount other) {
            return new Amount(files + other.files, bytes + other.bytes);
        }
    }

    /**
     * What would become of the files if the node were gone now. Copies on other nodes count when they are verified, and
     * their nodes answer and stay.
     *
     * @param copies all copies of files on it
     * @param onlyCopyHere files that would be lost
     * @param belowTarget files that would have fewer good copies than wanted, those that would be lost included
     */
    public record Answer(String node, Amount copies, Amount onlyCopyHere, Amount belowTarget) {
        /** Whether the disk may be pulled without any harm. */
        public boolean isSafe() {
            return belowTarget.files == 0;
        }

        private Answer plus(Answer other) {
            return new Answer(
                    node,
                    copies.plus(other.copies),
                    onlyCopyHere.plus(other.onlyCopyHere),
                    belowTarget.plus(other.belowTarget));
        }

        /** The answer in one sentence. */
        public String verdict() {
            if (isSafe()) {
                return "Yes: every file has all its copies on other nodes that answer.";
            }
            if (onlyCopyHere.files > 0) {
                return "No: " + onlyCopyHere.files + " files have their only good copy here and would be lost.";
            }
            return "Better not: no file would be lost, but " + belowTarget.files
                    + " would have fewer copies than wanted.";
        }
    }

    /** The answer, as the catalog knows it at this moment. */
    @Transactional
    public Answer ask(String name) {
        return ask(name, Rows.AT_ONCE);
    }

    @Transactional
    Answer ask(String name, int atOnce) {
        NodeView asked = cluster.require(name);
        String serving = nodes.serving(clock.instant());
        return portions.of(asked.id(), ReplicaState.VERIFIED, atOnce).stream()
                .map(portion -> ask(name, portion, serving))
                .reduce(Answer::plus)
                .orElseThrow();
    }

    private Answer ask(String name, CopyPortions.Portion portion, String serving) {
        Query query = entities.createNativeQuery("SELECT COUNT(*), COALESCE(SUM(c.size), 0),"
                + " COALESCE(SUM(c.elsewhere = 0), 0), COALESCE(SUM(IF(c.elsewhere = 0, c.size, 0)), 0),"
                + " COALESCE(SUM(c.elsewhere < c.wanted), 0),"
                + " COALESCE(SUM(IF(c.elsewhere < c.wanted, c.size, 0)), 0)"
                + " FROM (SELECT b.size, n.replica_count + 1 AS wanted, (SELECT COUNT(*) FROM replica o"
                + "  WHERE o.blob_id = r.blob_id AND o.state = 'VERIFIED' AND NOT o.leaving"
                + "  AND o.node_id <> r.node_id AND o.node_id IN (" + serving
                + ")) AS elsewhere FROM replica r"
                + "  JOIN blob_ b ON b.id = r.blob_id JOIN file_version v ON v.blob_id = b.id"
                + "  JOIN file f ON f.id = v.file_id JOIN folder d ON d.id = f.folder_id"
                + "  JOIN namespace n ON n.id = d.namespace_id"
                + "  WHERE" + CopyPortions.CONDITION + ") c");
        var unused = portion.bind(query, 1);
        var row = Rows.first(query).orElseThrow();
        return new Answer(
                name,
                new Amount(Rows.number(row[0]), Rows.number(row[1])),
                new Amount(Rows.number(row[2]), Rows.number(row[3])),
                new Amount(Rows.number(row[4]), Rows.number(row[5])));
    }
}
