package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskProgress;
import org.holdfast.contract.TaskQueues;
import org.holdfast.contract.TaskResult;
import org.holdfast.master.database.Contention;
import org.holdfast.master.replication.BrokerConfig;
import org.holdfast.master.replication.BrokerLink;
import org.holdfast.master.replication.MendCopies;
import org.holdfast.master.replication.RecordResults;
import org.jspecify.annotations.Nullable;

/** Receives what workers say: results, progress, and tasks that killed their workers. */
@ApplicationScoped
public class Collect {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(Collect.class.getName());

    @Inject
    RecordResults recordResults;

    @Inject
    MendCopies mendCopies;

    @Inject
    BrokerConfig config;

    @Inject
    Clock clock;

    List<Loop> loops() {
        return List.of(
                reader(TaskQueues.RESULTS, this::results),
                reader(TaskQueues.DEAD, this::dead),
                reader(TaskQueues.PROGRESS, this::progress));
    }

    private Loop reader(String queue, Consumer<List<String>> record) {
        var reader = new Reader(queue, record);
        return new Loop("reader of " + queue, Duration.ZERO, reader::step, reader::drop);
    }

    /** Reads one queue in batches; a batch leaves the queue when it has been recorded. */
    private final class Reader {
        private final String queue;
        private final Consumer<List<String>> record;
        private @Nullable BrokerLink link;
        private BrokerLink.@Nullable Inbox inbox;

        Reader(String queue, Consumer<List<String>> record) {
            this.queue = queue;
            this.record = record;
        }

        void step() throws JMSException {
            try {
                BrokerLink.Inbox source = inbox();
                List<String> texts = source.next(PATIENCE);
                if (!texts.isEmpty()) {
                    record.accept(texts);
                }
                source.accept();
            } catch (JMSException | RuntimeException e) {
                drop();
                throw e;
            }
        }

        private BrokerLink.Inbox inbox() throws JMSException {
            BrokerLink.Inbox current = inbox;
            if (current == null) {
                var opened = new BrokerLink(config);
                link = opened;
                current = opened.inbox(queue);
                inbox = current;
            }
            return current;
        }

        /** Closing the connection gives an unrecorded batch back to the queue. */
        private void drop() {
            BrokerLink broken = link;
            link = null;
            inbox = null;
            if (broken != null) {
                broken.close();
            }
        }
    }

    private void results(List<String> texts) {
        record(parse(texts, TaskResult::fromJson));
    }

    private void record(List<TaskResult> results) {
        if (!results.isEmpty()) {
            Set<String> changed = recordAll(results);
            var unused = Contention.retry(() -> mendCopies.mend(changed));
        }
    }

    /** One result that can't be stored must not keep all others in the queue for ever. */
    private Set<String> recordAll(List<TaskResult> results) {
        try {
            return Contention.retry(() -> recordResults.record(results));
        } catch (RuntimeException e) {
            if (!Contention.isHopeless(e)) {
                throw e;
            }
            Set<String> changed = new TreeSet<>();
            results.forEach(result -> changed.addAll(recordAlone(result)));
            return changed;
        }
    }

    private Set<String> recordAlone(TaskResult result) {
        try {
            return Contention.retry(() -> recordResults.record(List.of(result)));
        } catch (RuntimeException e) {
            if (!Contention.isHopeless(e)) {
                throw e;
            }
            LOG.log(Level.SEVERE, e, () -> "a result that can't be stored is dropped: " + result);
            return Set.of();
        }
    }

    /** Tasks that the broker gave up on, because worker after worker died with them. */
    private void dead(List<String> texts) {
        Instant now = clock.instant();
        List<TaskResult> results = parse(texts, TaskMessage::fromJson).stream()
                .map(task -> new TaskResult(
                        task.taskId(),
                        task.attempt(),
                        "unknown",
                        Outcome.of(
                                Outcome.Condition.WORKER_LOST,
                                Outcome.Side.NONE,
                                "the workers that had this task died, one after the other"),
                        0,
                        now,
                        now))
                .toList();
        record(results);
    }

    private void progress(List<String> texts) {
        List<TaskProgress> news = parse(texts, TaskProgress::fromJson);
        if (!news.isEmpty()) {
            Contention.retryRun(() -> recordResults.recordProgress(news));
        }
    }

    /** What can be read; a message that can't would come back for ever and is only logged. */
    private static <T> List<T> parse(List<String> texts, Function<JsonObject, T> reader) {
        return texts.stream().flatMap(text -> parse(text, reader).stream()).toList();
    }

    private static <T> Optional<T> parse(String text, Function<JsonObject, T> reader) {
        try (var json = JsonText.reader(text)) {
            return Optional.of(reader.apply(json.readObject()));
        } catch (JsonException
                | HoldfastException
                | IllegalArgumentException
                | NullPointerException
                | ArithmeticException
                | DateTimeException
                | ClassCastException e) {
            LOG.log(Level.WARNING, e, () -> "unreadable message: " + text);
            return Optional.empty();
        }
    }
}
