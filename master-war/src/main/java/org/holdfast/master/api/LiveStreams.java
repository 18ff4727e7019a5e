package org.holdfast.master.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.SignIn;
import org.holdfast.master.live.SeeChanges;
import org.holdfast.master.live.Topic;
import org.jspecify.annotations.Nullable;

/** The open streams of hints. While there is none, nothing is looked at. */
@ApplicationScoped
public class LiveStreams {
    /** Of one account, at one master; a browser has one for each tab that is seen. */
    static final int MAX_PER_ACCOUNT = 10;

    static final int MAX = 2_000;

    /** Something is said that often at least, so that proxies and clients see that the line lives. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    /** Where a password was shown instead of a session's token: it is checked anew by the next stream. */
    static final Duration LIFE_BY_PASSWORD = Duration.ofMinutes(1);

    private static final Duration COME_BACK = Duration.ofSeconds(30);

    /** How long it is known in which namespaces somebody may use something. */
    private static final Duration KNOWN_FOR = Duration.ofSeconds(30);

    private final Map<LiveStream, Credentials> streams = new ConcurrentHashMap<>();
    private final Map<Long, Known> known = new HashMap<>();
    private SeeChanges.@Nullable Marks marks;
    private boolean isOver;

    @Inject
    SeeChanges changes;

    @Inject
    Gate gate;

    @Inject
    Clock clock;

    /**
     * With what somebody came.
     *
     * @param caller as known when the stream was opened
     * @param endsAt when the stream ends by itself; empty for a session's, which is asked for again
     */
    private record Credentials(Caller caller, Gate.Request request, Optional<Instant> endsAt) {}

    private record Known(Set<String> namespaces, Instant until) {}

    /**
     * Opens one; returns at once.
     *
     * @param request that the gate has let pass
     * @param begin begins the answer; not asked when there is no room
     * @throws HoldfastException THROTTLED {@code too-many-streams}; UNAVAILABLE {@code busy}
     */
    synchronized void open(Caller caller, Gate.Request request, Supplier<AsyncContext> begin) throws IOException {
        requireRoom(caller);
        if (marks == null) {
            // Before the client looks for the first time: what changes after that is told.
            marks = changes.look();
        }
        Instant now = clock.instant();
        AsyncContext async = begin.get();
        var stream = new LiveStream(async, now, streams::remove);
        async.setTimeout(0);
        async.addListener(new EndOf(stream));
        boolean isSession = SignIn.isBearer(request.authorization());
        streams.put(
                stream,
                new Credentials(
                        caller, request, isSession ? Optional.empty() : Optional.of(now.plus(LIFE_BY_PASSWORD))));
        async.getResponse().getOutputStream().setWriteListener(stream);
    }

    private void requireRoom(Caller caller) {
        if (isOver || streams.size() >= MAX) {
            throw HoldfastException.comeBack("busy", "This master can have no more streams now.", COME_BACK);
        }
        long own = streams.values().stream()
                .filter(credentials -> credentials.caller.accountId() == caller.accountId())
                .count();
        if (own >= MAX_PER_ACCOUNT) {
            throw HoldfastException.throttled(
                    "too-many-streams", "Your account has " + own + " streams open already.", COME_BACK);
        }
    }

    /** Looks once, and tells whoever should look again. */
    public void beat() {
        look().ifPresent(this::tell);
    }

    private synchronized Optional<SeeChanges.Change> look() {
        SeeChanges.Marks before = marks;
        if (streams.isEmpty() || before == null) {
            marks = null;
            known.clear();
            return Optional.empty();
        }
        SeeChanges.Marks now = changes.look();
        SeeChanges.Change change = changes.between(before, now);
        marks = now;
        return Optional.of(change);
    }

    private void tell(SeeChanges.Change change) {
        Instant now = clock.instant();
        Map.copyOf(streams).forEach((stream, shown) -> {
            Set<Topic> topics = topicsFor(shown.caller, change, now);
            boolean isSilent = !now.isBefore(stream.spokenAt().plus(SILENCE));
            if (!goesOn(shown, now, !topics.isEmpty() || isSilent)) {
                stream.end();
            } else if (!topics.isEmpty()) {
                stream.hint(topics, now);
            } else if (isSilent) {
                stream.keepAlive(now);
            }
        });
    }

    private boolean goesOn(Credentials shown, Instant now, boolean isToBeToldSomething) {
        if (shown.endsAt.isPresent()) {
            return now.isBefore(shown.endsAt.get());
        }
        return !isToBeToldSomething || isLetPass(shown.request);
    }

    private boolean isLetPass(Gate.Request request) {
        try {
            var unused = gate.pass(Access.Level.SIGNED_IN, request);
            return true;
        } catch (HoldfastException e) {
            return false;
        }
    }

    private Set<Topic> topicsFor(Caller caller, SeeChanges.Change change, Instant now) {
        if (caller.isAdministrator() || change.topics().isEmpty()) {
            return change.topics();
        }
        Set<Topic> topics = EnumSet.copyOf(change.topics());
        topics.removeIf(Topic::isForAdministrators);
        if (topics.contains(Topic.FILES)
                && change.namespaces().isPresent()
                && Collections.disjoint(change.namespaces().get(), namespacesOf(caller, now))) {
            topics.remove(Topic.FILES);
        }
        return topics;
    }

    private Set<String> namespacesOf(Caller caller, Instant now) {
        return known.compute(
                        caller.accountId(),
                        (id, before) -> before != null && now.isBefore(before.until)
                                ? before
                                : new Known(changes.namespacesOf(caller), now.plus(KNOWN_FOR)))
                .namespaces();
    }

    /** Ends them all, as whole answers, and opens no more: clients come back, to another master if this one has gone. */
    public void endAll() {
        synchronized (this) {
            isOver = true;
        }
        List.copyOf(streams.keySet()).forEach(LiveStream::end);
    }

    /** Hears from the container that a stream is over. */
    private record EndOf(LiveStream stream) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            stream.end();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            stream.end();
        }

        @Override
        public void onError(AsyncEvent event) {
            stream.end();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // Nobody starts it again.
        }
    }
}
