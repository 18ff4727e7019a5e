package org.holdfast.storage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.NodeReport;
import org.holdfast.storage.store.Samples;
import org.holdfast.storage.store.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinClusterTest {
    private static final String NOBODY = "http://127.0.0.1:1";

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final FakeMaster master = new FakeMaster(Samples.KEYS, clock);
    private Path token = Path.of("");

    @BeforeEach
    void writeToken() throws IOException {
        token = Files.writeString(folder.resolve("join.token"), FakeMaster.JOIN_TOKEN + "\n");
    }

    @AfterEach
    void stop() {
        master.close();
    }

    private Path record() {
        return folder.resolve("node.json");
    }

    private Membership membership(String name) {
        var identity = new NodeIdentity(name, "http://127.0.0.1:7401/", "http://files.example:7401", "attic", "box");
        return new Membership(identity, record(), clock);
    }

    private static NodeReport report(Membership membership) {
        return new NodeReport(
                membership.identity().name(),
                membership.diskUuid().toString(),
                new NodeReport.Room(1000, 400, 500),
                new NodeReport.State("boot", 0, Optional.empty(), 0),
                Optional.empty());
    }

    private JoinCluster join(Membership membership, Optional<Path> tokenFile, String... members) {
        var config = new MemberConfig(List.of(members), tokenFile, record());
        return new JoinCluster(membership, config, () -> report(membership));
    }

    @Test
    void aStrangerIsWelcomedWithTheTokenThroughTheFirstMemberThatAnswers() throws IOException {
        var membership = membership("sn1");
        assertThat(membership.knownCredentials()).isEmpty();
        assertThat(join(membership, Optional.of(token), NOBODY, master.url()).attempt())
                .isTrue();
        assertThat(membership.isAnnounced()).isTrue();
        assertThat(membership.masters()).containsExactly(master.url());
        assertThat(master.requests())
                .singleElement()
                .asString()
                .startsWith("POST /api/v1/nodes {")
                .contains(
                        "\"url\":\"http://127.0.0.1:7401\"",
                        "\"publicUrl\":\"http://files.example:7401\"",
                        "\"zone\":\"attic\"",
                        "\"host\":\"box\"",
                        "\"name\":\"sn1\"",
                        "\"freeBytes\":500");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record())))
                .isEqualTo("rw-------");
    }

    @Test
    void withAWrongTokenNobodyIsWelcomed() throws IOException {
        Files.writeString(token, "guess");
        var membership = membership("sn1");
        assertThat(join(membership, Optional.of(token), master.url()).attempt()).isFalse();
        assertThat(membership.isAnnounced()).isFalse();
        assertThat(membership.refusal()).isEqualTo("sign-in-required");
        assertThatThrownBy(membership::credentials)
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("not joined");
    }

    @Test
    void afterARestartTheKeysAreKnownAndTheMastersAreRemembered() {
        var first = membership("sn1");
        join(first, Optional.of(token), master.url()).attempt();
        var again = membership("sn1");
        assertThat(again.isAnnounced()).isFalse();
        String ticket =
                first.credentials().tickets().seal(Samples.put(org.holdfast.contract.BlobId.next(clock), clock));
        assertThat(again.credentials().tickets().open(ticket)).isNotNull();
        assertThat(again.diskUuid()).isEqualTo(first.diskUuid());
        // No token and no configured member: the record alone is enough.
        assertThat(join(again, Optional.empty()).attempt()).isTrue();
        assertThat(again.refusal()).isEmpty();
    }

    /** As after an upgrade from a release whose nodes kept the cluster's one key. */
    @Test
    void whoseKeysAreNotKnownAnyMoreJoinsAnewByTheToken() throws IOException {
        Files.writeString(
                record(),
                "{\"diskUuid\":\"0d3c5b1e-9a57-4d7b-8f3e-2a7b3c4d5e6f\",\"name\":\"sn1\",\"keys\":[\"k1:"
                        + "42".repeat(32) + "\"],\"masters\":[\"" + master.url() + "\"]}");
        master.forgetKeys();
        var membership = membership("sn1");
        assertThat(join(membership, Optional.empty()).attempt()).isFalse();
        assertThat(join(membership, Optional.of(token)).attempt()).isTrue();
        assertThat(membership.diskUuid()).hasToString("0d3c5b1e-9a57-4d7b-8f3e-2a7b3c4d5e6f");
        assertThat(membership("sn1").credentials().keys().lines()).isEqualTo(Samples.KEYS.lines());
    }

    @Test
    void keysThatMastersHaveAndThisNodeHasNotAreAskedFor() {
        var membership = membership("sn1");
        var join = join(membership, Optional.of(token), master.url());
        join.attempt();
        membership.hearKeyIds(List.of("k1"));
        join.renewKeys();
        assertThat(master.requests()).hasSize(1);
        membership.hearKeyIds(List.of("k1", "k2"));
        join.renewKeys();
        join.renewKeys();
        assertThat(master.requests()).hasSize(2);
        membership.doubtKeys();
        join.renewKeys();
        assertThat(master.requests()).hasSize(3);
    }

    @Test
    void aDirectoryOfAnotherNodeIsRefused() {
        membership("sn1");
        assertThatThrownBy(() -> membership("sn2"))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("belongs to the node sn1");
    }

    @Test
    void itKeepsTryingUntilAMasterAnswers() throws IOException {
        Files.delete(token);
        var membership = membership("sn1");
        var timer = Executors.newSingleThreadScheduledExecutor();
        try {
            join(membership, Optional.of(token), master.url()).keepTrying(timer);
            Awaitility.await().pollDelay(Duration.ofMillis(100)).until(() -> !membership.isAnnounced());
            Files.writeString(token, FakeMaster.JOIN_TOKEN);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(membership::isAnnounced);
        } finally {
            timer.shutdownNow();
        }
    }

    @Test
    void waitsGrowToSixteenSeconds() {
        assertThat(JoinCluster.waitAfter(0)).isEqualTo(Duration.ofMillis(250));
        assertThat(JoinCluster.waitAfter(1)).isEqualTo(Duration.ofMillis(500));
        assertThat(JoinCluster.waitAfter(6)).isEqualTo(Duration.ofSeconds(2));
        assertThat(JoinCluster.waitAfter(1_000_000)).isEqualTo(Duration.ofSeconds(2));
    }
}
