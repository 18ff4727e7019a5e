package org.holdfast.storage.catchup;

import jakarta.json.JsonException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import org.holdfast.contract.ChangePage;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.HoldfastException;
import org.holdfast.storage.cluster.Membership;

/** Asks the masters, one after the other, until one answers. */
public final class AskForChanges implements ChangeSource {
    private static final Logger LOG = System.getLogger(AskForChanges.class.getName());
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final int GONE = 410;

    private final Membership membership;

    public AskForChanges(Membership membership) {
        this.membership = membership;
    }

    @Override
    public Reply after(long seq, int limit) {
        if (membership.knownCredentials().isEmpty()) {
            return Reply.nobody();
        }
        ClusterCall calls = membership.credentials().calls();
        for (String master : membership.masters()) {
            URI uri = URI.create(master + "/internal/v1/changes?after=" + seq + "&limit=" + limit);
            try {
                ClusterCall.Answer answer = calls.send("GET", uri, Optional.empty(), ANSWER_TIMEOUT);
                if (answer.status() == GONE) {
                    return Reply.trimmed();
                }
                if (answer.isSuccess()) {
                    return Reply.of(ChangePage.fromJson(answer.json().orElseThrow(JsonNeeded::new)));
                }
                LOG.log(Level.WARNING, "{0} answered {1} about changes", master, answer.status());
            } catch (IOException
                    | JsonException
                    | ClassCastException
                    | NullPointerException
                    | DateTimeException
                    | HoldfastException e) {
                LOG.log(Level.WARNING, "{0} did not answer about changes: {1}", master, e);
            }
        }
        return Reply.nobody();
    }

    private static final class JsonNeeded extends JsonException {
        private static final long serialVersionUID = 1L;

        JsonNeeded() {
            super("the answer is no JSON");
        }
    }
}
