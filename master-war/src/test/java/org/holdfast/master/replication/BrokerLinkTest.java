package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskQueues;
import org.holdfast.contract.Ulid;
import org.holdfast.master.fixture.LocalBroker;
import org.holdfast.master.fixture.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BrokerLinkTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final LocalBroker BROKER = new LocalBroker();

    private final Clock clock = new SettableClock();

    private TaskMessage message() {
        var digests = new Digests(Map.of(DigestAlgorithm.MD5, "ab".repeat(16)));
        var node = new TaskMessage.Member("sn1", "http://sn1:1");
        return new TaskMessage(
                Ulid.next(clock),
                1,
                TaskMessage.Kind.REPLICATE,
                new BlobFacts(BlobId.next(clock), 3, digests),
                new FileAddress("admin", "dir/\u00e4 \ud83d\ude00"),
                Optional.of(node),
                node);
    }

    private static ClaimDueTasks.Claimed claimed(TaskMessage message, Urgency urgency) {
        return new ClaimDueTasks.Claimed(message, urgency, Duration.ZERO, 0);
    }

    @Test
    void confirmedTasksAreInTheQueueOfTheirUrgency() throws Exception {
        List<ClaimDueTasks.Claimed> tasks = new ArrayList<>();
        for (Urgency urgency : Urgency.values()) {
            tasks.add(claimed(message(), urgency));
            tasks.add(claimed(message(), urgency));
        }
        try (var link = new BrokerLink(BROKER.config())) {
            assertThat(link.send(tasks))
                    .containsExactlyInAnyOrderElementsOf(
                            tasks.stream().map(task -> task.message().taskId()).toList());
        }
        for (Urgency urgency : Urgency.values()) {
            assertThat(BROKER.take(urgency.queue()))
                    .containsExactlyElementsOf(tasks.stream()
                            .filter(task -> task.urgency() == urgency)
                            .map(task -> task.message().toJson().toString())
                            .toList());
        }
    }

    @Test
    void anAttemptThatIsSentTwiceArrivesOnce() throws Exception {
        var task = message();
        try (var link = new BrokerLink(BROKER.config())) {
            for (int i = 0; i < 3; i++) {
                assertThat(link.send(List.of(claimed(task, Urgency.NORMAL)))).isEqualTo(Set.of(task.taskId()));
            }
            var next = new TaskMessage(
                    task.taskId(), 2, task.kind(), task.blob(), task.address(), task.source(), task.target());
            assertThat(link.send(List.of(claimed(next, Urgency.NORMAL)))).hasSize(1);
            assertThat(BROKER.take(TaskQueues.NORMAL))
                    .containsExactly(task.toJson().toString(), next.toJson().toString());
            // Sent again because nothing was heard of it: whatever became of the first message, this one must arrive.
            var resent = new ClaimDueTasks.Claimed(task, Urgency.NORMAL, Duration.ZERO, 1);
            assertThat(link.send(List.of(resent))).hasSize(1);
            assertThat(BROKER.take(TaskQueues.NORMAL))
                    .containsExactly(task.toJson().toString());
        }
    }

    @Test
    void aDelayedTaskArrivesLaterAndHoldsNoOtherUp() throws Exception {
        var late = message();
        var soon = message();
        try (var link = new BrokerLink(BROKER.config())) {
            long sent = System.nanoTime();
            assertThat(link.send(List.of(
                            new ClaimDueTasks.Claimed(late, Urgency.NORMAL, Duration.ofMillis(1_500), 0),
                            claimed(soon, Urgency.NORMAL))))
                    .hasSize(2);
            assertThat(BROKER.take(TaskQueues.NORMAL))
                    .containsExactly(soon.toJson().toString());
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> BROKER.take(TaskQueues.NORMAL)
                            .contains(late.toJson().toString()));
            assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThan(Duration.ofMillis(1_400));
        }
    }

    @Test
    void aBatchThatIsRefusedComesBackAndOneThatIsAcceptedDoesNot() throws Exception {
        List.of("a", "b", "c").forEach(text -> BROKER.send(TaskQueues.RESULTS, text));
        try (var link = new BrokerLink(BROKER.config())) {
            var inbox = link.inbox(TaskQueues.RESULTS);
            assertThat(all(inbox, 3)).containsExactly("a", "b", "c");
            inbox.refuse();
            assertThat(all(inbox, 3)).containsExactlyInAnyOrder("a", "b", "c");
            inbox.accept();
            assertThat(inbox.next(SHORT)).isEmpty();
        }
        assertThat(BROKER.take(TaskQueues.RESULTS)).isEmpty();
    }

    private static List<String> all(BrokerLink.Inbox inbox, int count) {
        List<String> texts = new ArrayList<>();
        Awaitility.await().atMost(PATIENCE).until(() -> {
            texts.addAll(inbox.next(SHORT));
            return texts.size() >= count;
        });
        return texts;
    }

    @Test
    void aBatchThatIsNeitherComesBackWhenTheLinkIsClosed() throws Exception {
        BROKER.send(TaskQueues.RESULTS, "kept");
        try (var link = new BrokerLink(BROKER.config())) {
            assertThat(all(link.inbox(TaskQueues.RESULTS), 1)).containsExactly("kept");
        }
        try (var link = new BrokerLink(BROKER.config())) {
            assertThat(all(link.inbox(TaskQueues.RESULTS), 1)).containsExactly("kept");
        }
    }

    @Test
    void aBatchIsBounded() throws Exception {
        for (int i = 0; i < 100; i++) {
            BROKER.send(TaskQueues.RESULTS, "r" + i);
        }
        try (var link = new BrokerLink(BROKER.config())) {
            var inbox = link.inbox(TaskQueues.RESULTS);
            assertThat(inbox.next(PATIENCE).size()).isBetween(1, 64);
            inbox.accept();
        }
    }

    @Test
    void aBrokerThatIsAwayIsAnError() throws Exception {
        try (var link = new BrokerLink(BROKER.config())) {
            BROKER.stop();
            assertThatThrownBy(() -> {
                        if (link.send(List.of(claimed(message(), Urgency.NORMAL)))
                                .isEmpty()) {
                            throw new JMSException("nothing was confirmed");
                        }
                    })
                    .isInstanceOf(JMSException.class);
            assertThatThrownBy(() -> {
                        try (var another = new BrokerLink(BROKER.config())) {
                            assertThat(another).isNull();
                        }
                    })
                    .isInstanceOf(JMSException.class);
        } finally {
            BROKER.start();
        }
    }

    @Test
    void thePasswordIsAsked() {
        var wrong = new BrokerConfig(BROKER.config().url(), BROKER.config().user(), "guess");
        assertThatThrownBy(() -> {
                    try (var link = new BrokerLink(wrong)) {
                        assertThat(link).isNull();
                    }
                })
                .isInstanceOf(JMSException.class);
        assertThat(wrong.toString()).doesNotContain("guess");
    }
}
