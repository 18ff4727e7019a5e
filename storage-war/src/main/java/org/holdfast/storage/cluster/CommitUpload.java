package org.holdfast.storage.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.CommitRequest;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Landing;
import org.holdfast.storage.store.BlobStore;

/**
 * Turns landed bytes into a version of a file by asking a master, and settles the blob by the answer:
 *
 * <table>
 * <caption>What follows</caption>
 * <tr><td>yes</td><td>the blob is committed</td></tr>
 * <tr><td>no (4xx with a problem)</td><td>the blob is removed; the refusal goes to the client unchanged</td></tr>
 * <tr><td>no answer, 5xx, or something that is not from a master</td><td>the outcome is unknown: the blob stays
 * uncommitted, the client hears 503, and {@link ResolveUncommitted} decides later</td></tr>
 * </table>
 */
public final class CommitUpload {
    private static final Logger LOG = System.getLogger(CommitUpload.class.getName());
    private static final String PATH = "/internal/v1/commits";

    /** Refusals that speak of the call between the members, not of the client's upload. */
    private static final List<Integer> NOT_THE_CLIENTS_FAULT = List.of(401, 403, 408, 429);

    private final Membership membership;
    private final BlobStore store;
    private final Undecided undecided;
    private final Patience patience;

    public CommitUpload(Membership membership, BlobStore store, Undecided undecided, Patience patience) {
        this.membership = membership;
        this.store = store;
        this.undecided = undecided;
        this.patience = patience;
    }

    /**
     * Bounds of asking.
     *
     * @param altogether after which the client hears 503
     * @param perMaster after which the next master is asked
     * @param pause between two rounds over all masters
     */
    public record Patience(Duration altogether, Duration perMaster, Duration pause) {
        /** A commit takes milliseconds; a failover of masters takes seconds. */
        public static final Patience DEFAULT =
                new Patience(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofMillis(250));
    }

    /**
     * Asks until a master has decided or patience ends.
     *
     * @param ticket text of the ticket, which the master checks again
     * @param landing the word of this node, and of its partners where the put needs them
     * @return the master's answer: a success, or its refusal to be shown to the client
     * @throws HoldfastException UNAVAILABLE when the outcome is unknown, or while another request for the same blob
     *     waits for it
     */
    public ClusterCall.Answer commit(String ticket, Landing landing) {
        BlobId id = landing.blob().id();
        return undecided.alone(id, () -> {
            ClusterCall.Answer answer = ask(new CommitRequest(ticket, landing));
            if (answer.isSuccess()) {
                store.promote(id);
            } else {
                store.remove(id);
            }
            return answer;
        });
    }

    private ClusterCall.Answer ask(CommitRequest request) {
        var calls = membership.credentials().calls();
        long deadlineNanos = System.nanoTime() + patience.altogether.toNanos();
        String trouble = "no master is known";
        while (true) {
            for (String master : membership.masters()) {
                try {
                    var answer = calls.send(
                            "POST", URI.create(master + PATH), Optional.of(request.toJson()), patience.perMaster);
                    if (decides(answer)) {
                        return answer;
                    }
                    trouble = master + " answered " + answer.status() + " " + answer.body();
                } catch (IOException e) {
                    trouble = master + ": " + e;
                }
            }
            if (System.nanoTime() + patience.pause.toNanos() > deadlineNanos) {
                // Once a commit, not once a try: while all masters are down every upload gets here.
                LOG.log(
                        Level.WARNING,
                        "the commit of {0} is undecided: {1}",
                        request.landing().blob().id(),
                        trouble);
                throw unknown();
            }
            pause();
        }
    }

    /** A booting server answers 404 with a page: only a problem with a code is a master's word. */
    private static boolean decides(ClusterCall.Answer answer) {
        if (answer.isSuccess()) {
            return true;
        }
        return answer.status() / 100 == 4
                && !NOT_THE_CLIENTS_FAULT.contains(answer.status())
                && answer.json().filter(json -> json.containsKey("code")).isPresent();
    }

    private void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(patience.pause.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HoldfastException.of(FailureKind.UNAVAILABLE, "unavailable", "This node is stopping.", e);
        }
    }

    private static HoldfastException unknown() {
        return HoldfastException.comeBack(
                "unavailable",
                "The bytes are safe on this node, but no master has confirmed the file; send it again.",
                Duration.ofSeconds(1));
    }
}
