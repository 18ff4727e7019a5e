package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.NodeReport;

/**
 * Looks whether a known node is still where it is known to be, when a process with its disk's identity wants to join from
 * elsewhere. A disk that was cloned, or restored beside the running one, has everything by which a node is known.
 */
@ApplicationScoped
public class FindTwin {
    /** A healthy node answers within milliseconds; a node that joins waits 10 s for the master. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Inject
    CallNodes calls;

    /** What is found at the known address. */
    enum Found {
        /** Another process with the same disk: there are two. */
        TWIN,
        /** Nothing, something that is not the node, or the very process that wants to join. */
        NOBODY,
        /** Nobody said no: a time-out, or an answer that tells nothing. */
        UNCLEAR
    }

    /** Asks at the known address; takes two seconds at most. */
    Found at(NodeView known, JoinRequest joiner) {
        URI uri = URI.create(known.url() + "/internal/v1/ping");
        try {
            ClusterCall.Answer answer = calls.to(known).send("GET", uri, Optional.empty(), PATIENCE);
            return Finding.isAnotherNode(answer) ? Found.NOBODY : compare(answer, joiner.report());
        } catch (ConnectException e) {
            return Found.NOBODY;
        } catch (IOException e) {
            return Found.UNCLEAR;
        }
    }

    private static Found compare(ClusterCall.Answer answer, NodeReport joiner) {
        try {
            return answer.json()
                    .filter(json -> answer.isSuccess())
                    .map(NodeReport::fromJson)
                    .map(there -> isTwin(there, joiner) ? Found.TWIN : Found.NOBODY)
                    .orElse(Found.UNCLEAR);
        } catch (JsonException
                | HoldfastException
                | NullPointerException
                | ClassCastException
                | ArithmeticException e) {
            return Found.UNCLEAR;
        }
    }

    private static boolean isTwin(NodeReport there, NodeReport joiner) {
        return there.diskUuid().equals(joiner.diskUuid())
                && !there.state().bootId().equals(joiner.state().bootId());
    }
}
