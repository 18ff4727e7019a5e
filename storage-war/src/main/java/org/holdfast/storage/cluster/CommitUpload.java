package org.holdfast.storage.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
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
import org.holdfast.storage.store.Reception;

/**
 * Turns landed bytes into a version of a file by asking a master, and settles the blob by the answer:
 *
 * <table>
 * <caption>What follows</caption>
 * <tr><td>yes</td><td>the blob is committed</td></tr>
 * <tr><td>no (4xx with a problem)</td><td>the refusal goes to the client unchanged; the blob is removed, unless an
 * earlier try may have committed it</td></tr>
 * <tr><td>500 {@code bug} of every master that answers</td><td>each is asked once, and the client hears 500: a defect
 * does not pass with time. The blob stays uncommitted, as below</td></tr>
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
     * @param landed whether this upload has brought the blob here, or an earlier one had
     * @throws HoldfastException BUG when masters fail at it, UNAVAILABLE when the outcome is unknown, or while another
     *     request for the same blob waits for it
     */
    public Decision commit(String ticket, Landing landing, Reception.Landed landed) {
        BlobId id = landing.blob().id();
        return undecided.alone(id, () -> {
            Decision decision = ask(new CommitRequest(ticket, landing), landed == Reception.Landed.NEW);
            if (decision.answer.isSuccess()) {
                store.promote(id);
            } else if (decision.isUnknownToMasters) {
                store.withdraw(id);
            }
            return decision;
        });
    }

    /**
     * What a master has said.
     *
     * @param answer a success, or a refusal to be shown to the client
     * @param isUnknownToMasters whether no master can know the blob, so that its copies may go. A refusal alone does not
     *     say so: an earlier try may have been committed, and its client have lost the right to hear of it since
     */
    public record Decision(ClusterCall.Answer answer, boolean isUnknownToMasters) {}

    /** @param isFirst whether no earlier try can have been committed */
    private Decision ask(CommitRequest request, boolean isFirst) {
        var calls = membership.credentials().calls();
        long deadlineNanos = System.nanoTime() + patience.altogether.toNanos();
        String trouble = "no master is known";
        boolean isClear = isFirst;
        while (true) {
            boolean isDefect = false;
            for (String master : membership.masters()) {
                try {
                    var answer = calls.send(
                            "POST", URI.create(master + PATH), Optional.of(request.toJson()), patience.perMaster);
                    if (decides(answer)) {
                        return new Decision(answer, isClear && !answer.isSuccess());
                    }
                    trouble = master + " answered " + answer.status() + " " + answer.body();
                    isDefect |= answer.isDefect();
                    isClear &= answer.status() / 100 != 5;
                } catch (IOException e) {
                    trouble = master + ": " + e;
                    isClear &= e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
                }
            }
            if (isDefect || System.nanoTime() + patience.pause.toNanos() > deadlineNanos) {
                // Once a commit, not once a try: while all masters are down every upload gets here.
                LOG.log(
                        Level.WARNING,
                        "the commit of {0} is undecided: {1}",
                        request.landing().blob().id(),
                        trouble);
                throw isDefect ? defect() : unknown();
            }
            pause();
        }
    }

    /** A booting server answers 404 with a page: only a problem with a code is a master's word. */
    private static boolean decides(ClusterCall.Answer answer) {
        if (answer.isSuccess()) {
            return true;
        }
        String code = answer.json().map(json -> json.getString("code", "")).orElse("");
        // Other refusals with 403 are about this node's ticket or call; this one is about who puts.
        boolean aboutThePut = !NOT_THE_CLIENTS_FAULT.contains(answer.status()) || code.equals("forbidden");
        return answer.status() / 100 == 4 && !code.isEmpty() && aboutThePut;
    }

    private void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(patience.pause.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HoldfastException.of(FailureKind.UNAVAILABLE, "unavailable", "This node is stopping.", e);
        }
    }

    private static HoldfastException defect() {
        return HoldfastException.of(
                FailureKind.BUG,
                "bug",
                "The master failed at this put; its log has the details. Look whether the file is there before you send"
                        + " it again.");
    }

    private static HoldfastException unknown() {
        return HoldfastException.comeBack(
                "unavailable",
                "The bytes are safe on this node, but no master has confirmed the file; send it again.",
                Duration.ofSeconds(1));
    }
}
