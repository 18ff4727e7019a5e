package org.holdfast.storage.cluster;

import jakarta.json.JsonException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinReply;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.NodeReport;

/**
 * Announces this node to the cluster at every start, until a master has welcomed it, and again when its keys have changed. Any member will do: a storage node
 * passes the announcement on. The masters of the last run are asked first, then the configured members.
 */
public final class JoinCluster {
    /** How often to call {@link #renewKeys}; bounds what a stranger's call with a made-up key can cause. */
    public static final Duration KEYS_BEAT = Duration.ofSeconds(2);

    private static final Logger LOG = System.getLogger(JoinCluster.class.getName());
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final String PATH = "/api/v1/nodes";
    private static final int UNAUTHENTICATED = 401;

    /** Waits double from the first to the last: a master that boots beside the node is met soon after. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);

    private static final int DOUBLINGS = 3;

    private final Membership membership;
    private final MemberConfig config;
    private final Supplier<NodeReport> report;
    private final HttpClient http;

    public JoinCluster(Membership membership, MemberConfig config, Supplier<NodeReport> report) {
        this.membership = membership;
        this.config = config;
        this.report = report;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(3))
                .build();
    }

    /** Tries now and, with growing waits, until it has succeeded once. Returns at once. */
    public void keepTrying(ScheduledExecutorService timer) {
        timer.execute(() -> tryAndPlan(timer, 0));
    }

    private void tryAndPlan(ScheduledExecutorService timer, int failures) {
        try {
            if (attempt()) {
                return;
            }
        } catch (HoldfastException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, "joining the cluster failed", e);
        }
        long waitMillis = waitAfter(failures).toMillis();
        var unused = timer.schedule(() -> tryAndPlan(timer, failures + 1), waitMillis, TimeUnit.MILLISECONDS);
    }

    /** Asks for this node's keys anew where it has reason to think that they are others now. To be called by one thread. */
    public void renewKeys() {
        if (membership.takeDoubtOfKeys() && membership.isAnnounced()) {
            LOG.log(Level.INFO, "masters have other keys than this node; asking for them");
            if (!attempt()) {
                membership.doubtKeys();
            }
        }
    }

    /** How long to wait after the failure with this number, from 0: 250 ms doubling to 2 s. */
    static Duration waitAfter(int failures) {
        return FIRST_WAIT.multipliedBy(1L << Math.min(failures, DOUBLINGS));
    }

    /**
     * Asks each known member once.
     *
     * @return whether one of them welcomed this node
     */
    public boolean attempt() {
        var complaints = new ArrayList<String>();
        for (String member : candidates()) {
            var complaint = ask(member);
            if (complaint.isEmpty()) {
                LOG.log(Level.INFO, "joined the cluster through {0}; masters: {1}", member, membership.masters());
                return true;
            }
            complaints.add(complaint.get());
        }
        LOG.log(Level.WARNING, "no member let this node join yet: {0}", complaints);
        return false;
    }

    private List<String> candidates() {
        var candidates = new LinkedHashSet<>(membership.masters());
        candidates.addAll(config.members());
        return List.copyOf(candidates);
    }

    /** Empty when the member said yes, otherwise why not. */
    private Optional<String> ask(String member) {
        try {
            var answer = send(URI.create(member + PATH));
            if (!answer.isSuccess()) {
                membership.refusedFor(answer.code());
                return Optional.of(member + " answered " + answer.status() + " " + answer.body());
            }
            var reply = answer.json().map(JoinReply::fromJson);
            if (reply.isEmpty()) {
                return Optional.of(member + " did not answer with JSON");
            }
            membership.welcome(reply.get());
            return Optional.empty();
        } catch (IOException | JsonException | ClassCastException | NullPointerException e) {
            return Optional.of(member + ": " + e);
        }
    }

    private ClusterCall.Answer send(URI uri) throws IOException {
        var identity = membership.identity();
        var body = new JoinRequest(identity.url(), identity.publicUrl(), identity.zone(), identity.host(), report.get())
                .toJson();
        var known = membership.knownCredentials();
        var token = readToken();
        if (known.isPresent()) {
            var answer = known.get().calls().send("POST", uri, Optional.of(body), ANSWER_TIMEOUT);
            // Keys of a release before, or of a catalog that does not know this node any more.
            if (answer.status() != UNAUTHENTICATED || token.isEmpty()) {
                return answer;
            }
        } else if (token.isEmpty()) {
            throw new IOException("there is neither a key of this node's nor a join token");
        }
        var request = HttpRequest.newBuilder(uri)
                .timeout(ANSWER_TIMEOUT)
                .header("Authorization", "Bearer " + token.get())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new ClusterCall.Answer(response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while joining", e);
        }
    }

    /** Read at each attempt, so that a token that is put there later is found. */
    private Optional<String> readToken() throws IOException {
        if (config.joinTokenFile().isEmpty()) {
            return Optional.empty();
        }
        var file = config.joinTokenFile().get();
        return Files.isReadable(file)
                ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
                : Optional.empty();
    }
}
