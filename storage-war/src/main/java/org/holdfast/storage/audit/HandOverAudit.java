package org.holdfast.storage.audit;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.ClusterCall;
import org.holdfast.storage.cluster.Membership;

/** Hands records over to a master, the oldest first; what no master takes waits. */
public final class HandOverAudit {
    /** How often to call {@link #run}. */
    public static final Duration BEAT = Duration.ofSeconds(1);

    private static final Logger LOG = System.getLogger(HandOverAudit.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int INVALID = 400;

    private final Membership membership;
    private final AuditOutbox outbox;
    private boolean failing;

    public HandOverAudit(Membership membership, AuditOutbox outbox) {
        this.membership = membership;
        this.outbox = outbox;
    }

    /** Hands over all that waits, or as much as masters take now. */
    public void run() {
        if (membership.knownCredentials().isEmpty()) {
            return;
        }
        Optional<AuditOutbox.Batch> batch = outbox.oldest();
        while (batch.isPresent() && isTaken(batch.get())) {
            outbox.acknowledge(batch.get());
            batch = outbox.oldest();
        }
    }

    private boolean isTaken(AuditOutbox.Batch batch) {
        if (batch.records().isEmpty()) {
            return true;
        }
        ClusterCall calls = membership.credentials().calls();
        String trouble = "no master is known";
        for (String master : membership.masters()) {
            try {
                var answer = calls.send(
                        "POST",
                        URI.create(master + AuditRecord.PATH),
                        Optional.of(AuditRecord.batch(batch.records())),
                        PATIENCE);
                if (answer.isSuccess()) {
                    failing = false;
                    return true;
                }
                if (answer.status() == INVALID) {
                    // It would be refused for ever, and all that come after it with it.
                    LOG.log(Level.ERROR, "records that no master takes: {0}", AuditRecord.batch(batch.records()));
                    return true;
                }
                trouble = master + " answered " + answer.status();
            } catch (IOException e) {
                trouble = master + ": " + e;
            }
        }
        if (!failing) {
            LOG.log(Level.WARNING, "records of the audit log wait, since no master takes them: {0}", trouble);
        }
        failing = true;
        return false;
    }
}
