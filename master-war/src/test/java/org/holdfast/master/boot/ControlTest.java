package org.holdfast.master.boot;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.time.Duration;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.holdfast.contract.CancelMessage;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.RemovedMembers;
import org.holdfast.contract.TaskQueues;
import org.holdfast.master.cluster.Removals;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.LocalBroker;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.replication.ClaimDueTasks;
import org.holdfast.master.replication.TaskDesk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What workers hear when a person cancels, and the broker when one removes a worker. */
class ControlTest {
    private static final long PATIENCE_MILLIS = Duration.ofSeconds(60).toMillis();

    @RegisterExtension
    static final LocalBroker BROKER = new LocalBroker();

    @RegisterExtension
    final TestMaster master = new TestMaster(BROKER.config());

    private static CancelMessage heard(JMSConsumer worker) {
        try (var reader = JsonText.reader(worker.receiveBody(String.class, PATIENCE_MILLIS))) {
            return CancelMessage.fromJson(reader.readObject());
        }
    }

    @Test
    void theBrokerHearsAgainAndAgainWhoWasRemoved() {
        var removals = master.get(Removals.class);
        var unused = removals.removeWorker("w2", master.admin().accountId());
        removals.refresh();
        try (var factory = new ActiveMQConnectionFactory(BROKER.config().url());
                JMSContext context = factory.createContext(
                        BROKER.config().user(), BROKER.config().password());
                JMSConsumer broker = context.createConsumer(context.createTopic(TaskQueues.MEMBERS));
                var loops = new RunningLoops(List.of(master.get(Control.class).loop()))) {
            assertThat(loops).isNotNull();
            for (int time = 0; time < 2; time++) {
                try (var reader = JsonText.reader(broker.receiveBody(String.class, PATIENCE_MILLIS))) {
                    assertThat(RemovedMembers.fromJson(reader.readObject())).isEqualTo(removals.known());
                }
            }
        }
        assertThat(removals.known().since()).containsOnlyKeys("worker w2");
    }

    @Test
    void everyWorkerHearsOfACancelledAttemptThatWasSent() {
        var unused = TestNodes.running(master, "sn1", "sn2");
        for (String address : List.of("admin/a", "admin/b")) {
            assertThat(master.put(address).version()).isEqualTo(1);
        }
        var desk = master.get(TaskDesk.class);
        String unsent = master.get(TaskDesk.class)
                .list(org.holdfast.master.replication.TaskFilter.NONE, "", 1)
                .get(0)
                .id();
        assertThat(desk.cancel(unsent).attempt()).isEqualTo(1);
        var sent = master.get(ClaimDueTasks.class).claim();
        assertThat(sent).hasSize(1);
        String id = sent.get(0).message().taskId();
        try (var factory = new ActiveMQConnectionFactory(BROKER.config().url());
                JMSContext context = factory.createContext(
                        BROKER.config().user(), BROKER.config().password());
                JMSConsumer one = context.createConsumer(context.createTopic(TaskQueues.CONTROL));
                JMSConsumer two = context.createConsumer(context.createTopic(TaskQueues.CONTROL));
                var loops = new RunningLoops(List.of(master.get(Control.class).loop()))) {
            assertThat(loops).isNotNull();
            assertThat(desk.cancel(id).attempt()).isEqualTo(1);
            // The one that no worker can have is not spoken of.
            assertThat(heard(one)).isEqualTo(new CancelMessage(id, 1));
            assertThat(heard(two)).isEqualTo(new CancelMessage(id, 1));
        }
    }
}
