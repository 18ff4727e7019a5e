package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class BrokerIT {
    private static final String PASSWORD = "secret";

    @TempDir
    Path temp;

    /** What was in each queue when a broker had been killed and another one started; once, for a JVM takes seconds. */
    private static final Map<String, String> OVER_A_KILL = new HashMap<>();

    private static final List<String> QUEUES = List.of(
            "holdfast.tasks.urgent",
            "holdfast.tasks.normal",
            "holdfast.tasks.background",
            "holdfast.results",
            "holdfast.dead",
            "holdfast.expired");

    @BeforeAll
    static void killABrokerWithAMessageInEachQueue(@TempDir Path data) throws Exception {
        int port = Ports.anyFree();
        try (BrokerProcess broker = BrokerProcess.start(data, port, PASSWORD)) {
            for (String queue : QUEUES) {
                send(broker.url(), queue, "kept in " + queue);
            }
            broker.kill();
        }
        try (BrokerProcess broker = BrokerProcess.start(data, port, PASSWORD)) {
            for (String queue : QUEUES) {
                OVER_A_KILL.put(queue, receive(broker.url(), queue));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("QUEUES")
    void a_sent_message_survives_the_broker_being_killed(String queue) {
        assertThat(OVER_A_KILL).containsEntry(queue, "kept in " + queue);
    }

    @Test
    void a_task_that_is_never_acknowledged_dies_after_three_deliveries() throws Exception {
        try (Broker broker = Broker.start(temp, Ports.anyFree(), PASSWORD)) {
            send(broker.url(), "holdfast.tasks.normal", "poison");
            try (ServerLocator locator = locator(broker.url());
                    ClientSessionFactory factory = locator.createSessionFactory();
                    ClientSession session =
                            factory.createSession(Broker.USER, PASSWORD, false, false, false, false, 0)) {
                session.start();
                ClientConsumer consumer = session.createConsumer("holdfast.tasks.normal");
                for (int delivery = 1; delivery <= 3; delivery++) {
                    ClientMessage message = consumer.receive(5_000);
                    assertThat(message.getDeliveryCount()).isEqualTo(delivery);
                    message.acknowledge();
                    session.rollback();
                }
            }
            assertThat(receive(broker.url(), "holdfast.dead")).isEqualTo("poison");
        }
    }

    /** As on a full disk: the server stops at the error, and who only looks for a process would never start it again. */
    @Test
    void a_broker_whose_disk_fails_ends() throws Exception {
        int port = Ports.anyFree();
        try (BrokerProcess broker = BrokerProcess.start(temp, port, PASSWORD)) {
            DataDir.deleteTree(temp.resolve("journal"));
            String large = "x".repeat(100_000);
            await().until(() -> {
                try {
                    send(broker.url() + "?initialConnectAttempts=1&callTimeout=2000", "holdfast.results", large);
                } catch (ActiveMQException e) {
                    // It is about to end, or has ended.
                }
                return !broker.isAlive();
            });
        }
    }

    @Test
    void refuses_a_wrong_password_and_an_unknown_queue() throws Exception {
        try (Broker broker = Broker.start(temp, Ports.anyFree(), PASSWORD);
                ServerLocator locator = locator(broker.url());
                ClientSessionFactory factory = locator.createSessionFactory()) {
            assertThatThrownBy(() -> factory.createSession(Broker.USER, "wrong", false, true, true, false, 0)
                            .close())
                    .isInstanceOf(ActiveMQException.class);
            try (ClientSession session = factory.createSession(Broker.USER, PASSWORD, false, true, true, false, 0)) {
                assertThatThrownBy(() -> session.createConsumer("holdfast.unheard-of"))
                        .isInstanceOf(ActiveMQException.class);
            }
        }
    }

    @Test
    void within_tls_a_client_shows_a_certificate_of_the_same_authority() throws Exception {
        Certificates ours = certificates("our data");
        Certificates others = certificates("others");
        int port = Ports.anyFree();
        try (Broker broker =
                Broker.start(temp.resolve("broker"), port, PASSWORD, Optional.of(ours.ensure("broker", Reach.LOCAL)))) {
            String url = broker.url() + "?initialConnectAttempts=1&sslEnabled=true&verifyHost=true";
            String trusting = url + trust(ours.ensure("worker1", Reach.LOCAL));
            send(trusting + key(ours.ensure("worker1", Reach.LOCAL)), "holdfast.results", "within TLS");
            assertThat(receive(trusting + key(ours.ensure("m1", Reach.LOCAL)), "holdfast.results"))
                    .isEqualTo("within TLS");
            String patience = "&callTimeout=1000"; // who shows no certificate gets no answer at all
            for (String refused : List.of(
                    broker.url() + "?initialConnectAttempts=1",
                    trusting,
                    trusting + key(others.ensure("worker1", Reach.LOCAL)),
                    url + trust(others.ensure("worker1", Reach.LOCAL)) + key(ours.ensure("worker1", Reach.LOCAL)))) {
                assertThatThrownBy(() -> send(refused + patience, "holdfast.results", "never"))
                        .as(refused)
                        .isInstanceOf(ActiveMQException.class);
            }
        }
    }

    @Test
    void within_tls_a_worker_takes_tasks_and_reports_and_others_do_nothing() throws Exception {
        Certificates ours = certificates("our data");
        try (Broker broker = secured(ours)) {
            String url = within(broker, ours);
            String worker = url + key(ours.ensure("worker1", Reach.LOCAL));
            send(url + key(ours.ensure("m1", Reach.LOCAL)), "holdfast.tasks.normal", "a task");
            assertThat(receive(worker, "holdfast.tasks.normal")).isEqualTo("a task");
            send(worker, "holdfast.progress", "half way");
            for (String queue : List.of("holdfast.tasks.normal", "holdfast.control", "holdfast.members")) {
                assertThatThrownBy(() -> send(worker, queue, "never")).as(queue).isInstanceOf(ActiveMQException.class);
            }
            assertThatThrownBy(() -> receive(worker, "holdfast.results")).isInstanceOf(ActiveMQException.class);
            String node = url + key(ours.ensure("sn1", Reach.LOCAL)) + "&callTimeout=1000";
            assertThatThrownBy(() -> send(node, "holdfast.results", "never")).isInstanceOf(ActiveMQException.class);
        }
    }

    @Test
    void a_removed_worker_is_cut_off_until_it_has_a_later_certificate() throws Exception {
        Certificates ours = certificates("our data");
        KeyStoreFile stolen = ours.ensure("worker1", Reach.LOCAL);
        try (Broker broker = secured(ours)) {
            String url = within(broker, ours);
            String master = url + key(ours.ensure("m1", Reach.LOCAL));
            try (ServerLocator locator = locator(url + key(stolen));
                    ClientSessionFactory factory = locator.createSessionFactory();
                    ClientSession session = factory.createSession(Broker.USER, PASSWORD, false, true, true, false, 0)) {
                session.start();
                send(master, "holdfast.members", "{\"worker worker2\":\"" + Instant.now() + "\"}");
                assertThat(session.createConsumer("holdfast.tasks.normal").receiveImmediate())
                        .isNull();
                send(master, "holdfast.members", "{\"worker worker1\":\"" + Instant.now() + "\"}");
                await().until(session::isClosed);
            }
            assertThatThrownBy(() -> send(url + key(stolen), "holdfast.results", "never"))
                    .isInstanceOf(ActiveMQException.class);
            // To the second, as certificates have it.
            await().ignoreExceptionsInstanceOf(ActiveMQException.class).untilAsserted(() -> {
                var later = ours.issue(CertificateRole.WORKER, "worker1", List.of("localhost"), Duration.ofDays(1));
                send(url + key(later), "holdfast.results", "it is back");
            });
        }
    }

    private Broker secured(Certificates ours) {
        return Broker.start(
                temp.resolve("broker"), Ports.anyFree(), PASSWORD, Optional.of(ours.ensure("broker", Reach.LOCAL)));
    }

    private static String within(Broker broker, Certificates ours) {
        return broker.url() + "?initialConnectAttempts=1&sslEnabled=true&verifyHost=true"
                + trust(ours.ensure("m1", Reach.LOCAL));
    }

    private Certificates certificates(String cluster) {
        return Certificates.open(DataDir.open(temp.resolve(cluster)), Clock.systemUTC(), new SecureRandom());
    }

    private static String trust(KeyStoreFile store) {
        return "&trustStoreType=PKCS12&trustStorePath=" + encoded(store) + "&trustStorePassword="
                + new String(store.password());
    }

    private static String key(KeyStoreFile store) {
        return "&keyStoreType=PKCS12&keyStorePath=" + encoded(store) + "&keyStorePassword="
                + new String(store.password());
    }

    private static String encoded(KeyStoreFile store) {
        return store.store().toString().replace(" ", "%20");
    }

    private static ServerLocator locator(String url) throws Exception {
        return ActiveMQClient.createServerLocator(url);
    }

    private static void send(String url, String queue, String text) throws Exception {
        try (ServerLocator locator = locator(url);
                ClientSessionFactory factory = locator.createSessionFactory();
                ClientSession session = factory.createSession(Broker.USER, PASSWORD, false, true, true, false, 0);
                ClientProducer producer = session.createProducer(queue)) {
            ClientMessage message = session.createMessage(true);
            message.getBodyBuffer().writeNullableSimpleString(SimpleString.of(text));
            producer.send(message);
        }
    }

    private static String receive(String url, String queue) throws Exception {
        try (ServerLocator locator = locator(url);
                ClientSessionFactory factory = locator.createSessionFactory();
                ClientSession session = factory.createSession(Broker.USER, PASSWORD, false, true, true, false, 0)) {
            session.start();
            ClientConsumer consumer = session.createConsumer(queue);
            ClientMessage message = consumer.receive(5_000);
            assertThat(message).as("a message in " + queue).isNotNull();
            message.acknowledge();
            return String.valueOf(message.getBodyBuffer().readNullableSimpleString());
        }
    }
}
