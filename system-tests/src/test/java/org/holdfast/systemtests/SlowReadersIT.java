package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent to those who hardly read it waits neither in memory nor in anybody's way. A node has 256 MB of heap. */
@Order(8)
@SharedCluster.Of
class SlowReadersIT {
    private static final String PASSWORD = "a password for tests";
    private static final int FILE_BYTES = 40_000_000;
    private static final int FEW = 30;
    private static final int HALF_OF_THE_ARCHIVES = 32;
    private static final int FEW_MORE = 8;
    private static final int MANY = 500;
    private static final Duration ALL_SERVED = Duration.ofMinutes(2);
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    /** Only as much more than without a crowd. */
    private static final Duration SLOWER = Duration.ofSeconds(1);

    private static final Pattern SCRIPT = Pattern.compile("src=\"([^\"]+\\.js)\"");

    private final TestCluster cluster;
    private final Http http;

    SlowReadersIT(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    /** Of the node's places they get half, and nobody else is in their way. */
    private Http crowd() {
        String account = "{\"name\":\"slow-readers\",\"password\":\"" + PASSWORD + "\",\"mustSetPassword\":false}";
        int status = http.send(
                        "POST",
                        cluster.api("users"),
                        BodyPublishers.ofString(account),
                        "Content-Type",
                        "application/json")
                .status();
        assertThat(status).isIn(201, 409);
        return Http.signedInAs("slow-readers", PASSWORD);
    }

    @Test
    void aFewAtANodeAreServed() throws IOException {
        crowdAtNode(FEW, Duration.ofSeconds(5));
    }

    @Test
    @Tag("slow")
    @Timeout(600)
    void manyAtANodeAreServed() throws IOException {
        crowdAtNode(MANY, A_WHILE);
    }

    @Tag("slow")
    @Test
    void aFewOfAnArchiveAreServed() throws IOException {
        put(http, "admin/readers/archived", FILE_BYTES);
        crowd(
                "m1",
                cluster.url(),
                "GET /api/v1/archives/admin/readers HTTP/1.1" + basic("admin", cluster.password()),
                FEW,
                1,
                Duration.ofSeconds(5));
    }

    @Tag("slow")
    @Test
    void whoHasHalfOfTheArchivesIsInNobodyElsesWay() throws IOException {
        put(crowd(), "slow-readers/archived/large", FILE_BYTES);
        put(http, "admin/readers-alone/small", 1_000);
        String head = "GET /api/v1/archives/slow-readers/archived HTTP/1.1" + basic("slow-readers", PASSWORD);
        try (var readers = new SlowReaders(cluster.url(), head, HALF_OF_THE_ARCHIVES + FEW_MORE, 1)) {
            await().atMost(ALL_SERVED).untilAsserted(() -> {
                assertServedOrSentAway(readers.answers(), HALF_OF_THE_ARCHIVES);
                assertThat(readers.answers().get(200)).isLessThanOrEqualTo(HALF_OF_THE_ARCHIVES);
                assertThat(readers.answers().get(503)).isGreaterThanOrEqualTo(FEW_MORE);
            });
            http.get(cluster.api("archives", "admin/readers-alone")).expect(200);
        }
    }

    /** Nobody has to sign in for these. */
    @Test
    @Tag("slow")
    @Timeout(600)
    void manyOfTheConsolesFilesAreServed() throws IOException {
        Matcher script = SCRIPT.matcher(Http.anonymous()
                .get(cluster.url().resolve("/console/"))
                .expect(200)
                .text());
        assertThat(script.find()).isTrue();
        URI file = cluster.url().resolve("/console/").resolve(script.group(1));
        crowd("m1", cluster.url(), "GET " + file.getRawPath() + " HTTP/1.1", MANY, 50, A_WHILE);
    }

    private void crowdAtNode(int readers, Duration time) throws IOException {
        URI blob = put(crowd(), "slow-readers/large", FILE_BYTES);
        String head = "GET " + blob.getRawPath() + "?" + blob.getRawQuery() + " HTTP/1.1";
        crowd("sn1", cluster.urlOf("sn1"), head, readers, 1, time);
    }

    /** Where the bytes can be read at sn1. */
    private URI put(Http person, String name, int bytes) {
        URI file = cluster.api("files", name);
        person.put(URI.create(file + "?node=sn1"), Bytes.random(bytes, 3)).expect(201);
        return URI.create(person.get(URI.create(file + "?node=sn1")).expect(307).requireHeader("Location"));
    }

    private static String basic(String name, String password) {
        return "\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(UTF_8));
    }

    private void crowd(String component, URI server, String head, int connections, int requests, Duration time)
            throws IOException {
        long pid = cluster.component(component).pid();
        Duration alone = timeOfAPutAndGet();
        try (var readers = new SlowReaders(server, head, connections, requests)) {
            await().atMost(ALL_SERVED).untilAsserted(() -> assertServedOrSentAway(readers.answers(), connections));
            await().during(time)
                    .atMost(time.plus(ALL_SERVED))
                    .until(() -> ProcessHandle.of(pid).isPresent());
            Duration beside = timeOfAPutAndGet();
            assertThat(beside)
                    .isLessThan(Patience.promised(alone.multipliedBy(2).plus(SLOWER)));
        }
        assertThat(cluster.component(component).pid()).isEqualTo(pid);
    }

    /** What is asked for by too many at once may be refused to some. */
    private static void assertServedOrSentAway(Map<Integer, Long> answers, int connections) {
        assertThat(answers.keySet()).isSubsetOf(200, 503);
        assertThat(answers.get(200)).isGreaterThan(connections / 2L);
    }

    private Duration timeOfAPutAndGet() {
        Instant began = Instant.now();
        byte[] bytes = Bytes.random(10_000, 9);
        URI file = cluster.api("files", "admin/readers-besides/small");
        http.put(URI.create(file + "?node=sn1"), bytes).expect(201);
        assertThat(http.follow(URI.create(file + "?node=sn1")).expect(200).bytes())
                .isEqualTo(bytes);
        return Duration.between(began, Instant.now());
    }
}
