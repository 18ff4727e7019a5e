package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Strangers and bad users do to a master and to a node, each with 256 MB of heap, what they can, one way after the other.
 * Somebody who has signed in works on.
 */
@Tag("slow")
@Tag("night")
@Order(68)
@Isolated("a put and a get are to take less than a second")
@SharedCluster.Of(SharedCluster.Kind.UNTOUCHED)
class OverloadIT {
    /** Of each way; two minutes in the night. */
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("holdfast.overload.seconds", 15));

    /** By then each of a crowd has come once. */
    private static final Duration ALL_THERE = Duration.ofMillis(Trickles.MILLIS);

    private static final Duration PROMISED = Duration.ofSeconds(1);
    private static final String PASSWORD = "a password for tests";
    private static final String READER_1 = "overload-reader1";
    private static final String READER_2 = "overload-reader2";
    private static final String SENDER = "overload-sender";
    private static final String WORKER = "overload-worker";
    private static final int FIRST_ONES = 10;
    private static final int FILE_BYTES = 40_000_000;
    private static final int READERS = 500;
    private static final int TRICKLES = 500;
    private static final int IDLE = 2_000;
    private static final int IDLE_PER_ADDRESS = 500;
    private static final int REFUSED_PER_SECOND = 1_000;
    private static final int REQUESTS_OF_A_READER = 50;

    private static final Pattern SCRIPT = Pattern.compile("src=\"([^\"]+\\.js)\"");

    private final TestCluster cluster;

    OverloadIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** Nodes have no more anyway. The few classes behind this one have no need of more. */
    @BeforeAll
    static void giveTheMasterLittleMemory(TestCluster cluster) {
        cluster.settings(Map.of("m1:holdfast.jvm.heap-mib", "256"));
        cluster.node("stop", "m1");
        cluster.node("start", "m1");
        cluster.settings(Map.of());
        cluster.awaitAllNodesRunning();
        for (String name : List.of(READER_1, READER_2, SENDER, WORKER)) {
            String account = "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"mustSetPassword\":false}";
            cluster.http()
                    .send(
                            "POST",
                            cluster.api("users"),
                            BodyPublishers.ofString(account),
                            "Content-Type",
                            "application/json")
                    .expect(201);
        }
    }

    /** What somebody does to two servers until it is closed. */
    private enum Way {
        SLOW_READERS {
            /** Of the places that a node has an account gets half. */
            @Override
            List<Closeable> begin(OverloadIT test) {
                return List.of(
                        new SlowReaders(test.master(), "127.0.2.1", test.script(), READERS, REQUESTS_OF_A_READER),
                        new SlowReaders(test.node(), "127.0.2.2", test.blobOf(READER_1), READERS / 2, 1),
                        new SlowReaders(test.node(), "127.0.2.2", test.blobOf(READER_2), READERS / 2, 1));
            }
        },
        TRICKLING_BODIES {
            @Override
            List<Closeable> begin(OverloadIT test) {
                List<Closeable> begun = new ArrayList<>();
                for (URI server : List.of(test.master(), test.node())) {
                    begun.add(new Trickles(server, "127.0.2.3", number -> STRANGER + Trickles.LENGTH, TRICKLES / 2));
                    begun.add(new Trickles(
                            server, "127.0.2.4", number -> upload(server.getPort() + "-" + number), TRICKLES / 2));
                }
                return begun;
            }
        },
        IDLE_CONNECTIONS {
            @Override
            List<Closeable> begin(OverloadIT test) {
                List<Closeable> begun = new ArrayList<>();
                for (int address = 1; address <= IDLE / IDLE_PER_ADDRESS; address++) {
                    begun.add(Trickles.idle(test.master(), "127.0.3." + address, IDLE_PER_ADDRESS));
                    begun.add(Trickles.idle(test.node(), "127.0.3." + address, IDLE_PER_ADDRESS));
                }
                return begun;
            }
        },
        REFUSED_REQUESTS {
            @Override
            List<Closeable> begin(OverloadIT test) {
                return List.of(
                        new RefusedRequests(test.master(), "127.0.2.5", REFUSED_PER_SECOND / 2),
                        new RefusedRequests(test.node(), "127.0.2.5", REFUSED_PER_SECOND / 2));
            }
        };

        private static final String STRANGER =
                "POST /api/v1/password-links/none HTTP/1.1\r\nContent-Type: application/json";

        abstract List<Closeable> begin(OverloadIT test);

        private static String upload(String name) {
            String basic = Base64.getEncoder().encodeToString((SENDER + ":" + PASSWORD).getBytes(UTF_8));
            return "PUT /api/v1/files/" + SENDER + "/" + name + " HTTP/1.1\r\nAuthorization: Basic " + basic
                    + Trickles.LENGTH;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(900)
    void somebodyWorksOnWhateverStrangersDo(Way way) throws IOException {
        Map<String, Long> pids = Map.of(
                "m1", cluster.component("m1").pid(),
                "sn1", cluster.component("sn1").pid());
        Http worker = Http.signedInAs(WORKER, PASSWORD);
        List<Duration> times = new ArrayList<>();
        for (int number = 0; number < FIRST_ONES; number++) {
            // A master that has just been started compiles its code at the first ones.
            var unused = putAndGet(worker, number);
        }
        List<Closeable> loads = way.begin(this);
        try {
            await().pollDelay(ALL_THERE).until(() -> true);
            Instant end = Instant.now().plus(TIME);
            await().atMost(TIME.plus(Patience.SOON)).pollDelay(Duration.ZERO).until(() -> {
                times.add(putAndGet(worker, times.size()));
                return Instant.now().isAfter(end);
            });
        } finally {
            for (Closeable load : loads) {
                load.close();
            }
        }
        pids.forEach((name, pid) ->
                assertThat(cluster.component(name).pid()).as(name).isEqualTo(pid));
        times.sort(null);
        Duration middle = times.get(times.size() / 2);
        System.getLogger(OverloadIT.class.getName())
                .log(System.Logger.Level.INFO, "{0}: {1} puts and gets, the middle one {2}", way, times.size(), middle);
        assertThat(middle).isLessThan(Patience.promised(PROMISED));
    }

    private URI master() {
        return cluster.url();
    }

    private URI node() {
        return cluster.urlOf("sn1");
    }

    private String script() {
        URI console = master().resolve("/console/");
        Matcher script =
                SCRIPT.matcher(Http.anonymous().get(console).expect(200).text());
        assertThat(script.find()).isTrue();
        return "GET " + console.resolve(script.group(1)).getRawPath() + " HTTP/1.1";
    }

    private String blobOf(String name) {
        Http person = Http.signedInAs(name, PASSWORD);
        URI file = URI.create(cluster.api("files", name + "/large") + "?node=sn1");
        byte[] bytes = Bytes.random(FILE_BYTES, 3);
        await().until(() -> person.put(file, bytes).status() == 201);
        URI blob = URI.create(person.get(file).expect(307).requireHeader("Location"));
        return "GET " + blob.getRawPath() + "?" + blob.getRawQuery() + " HTTP/1.1";
    }

    private Duration putAndGet(Http worker, int number) {
        byte[] bytes = Bytes.random(10_000, number);
        URI file = URI.create(cluster.api("files", WORKER + "/" + number % 10) + "?node=sn1");
        Instant began = Instant.now();
        // Who is told to come back comes back: it is the time that counts.
        await().pollDelay(Duration.ZERO).until(() -> worker.put(file, bytes).status() == 201);
        await().pollDelay(Duration.ZERO)
                .until(() -> Arrays.equals(worker.follow(file).bytes(), bytes));
        return Duration.between(began, Instant.now());
    }
}
