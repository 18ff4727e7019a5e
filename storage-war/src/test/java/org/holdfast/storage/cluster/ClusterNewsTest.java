package org.holdfast.storage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ping;
import org.holdfast.contract.RemovedMembers;
import org.holdfast.storage.store.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterNewsTest {
    private static final Ping.Peer PEER = new Ping.Peer("sn2", "http://sn2.example:1", "down", false);

    private final SettableClock clock = new SettableClock();

    @TempDir
    Path folder;

    private Ping from(String leader, long token, String... masters) {
        return from(leader, token, RemovedMembers.NONE, masters);
    }

    private Ping from(String leader, long token, RemovedMembers removed, String... masters) {
        return new Ping(
                new Ping.Leader(leader, token),
                clock.instant(),
                0,
                new Ping.Cluster(List.of(masters), List.of(PEER), List.of("k1"), removed),
                Optional.empty());
    }

    private Membership membership() {
        var identity = new NodeIdentity("sn1", "http://127.0.0.1:1", "http://127.0.0.1:1", "z", "h");
        return new Membership(identity, folder.resolve("node.json"), clock);
    }

    @Test
    void aLeaderThatHasBeenFollowedByAnotherIsRefused() {
        var news = new ClusterNews(membership());
        news.take(from("m1", 7));
        news.take(from("m2", 8));
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> news.take(from("m1", 7)))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("stale-leader"));
        assertThat(news.last().map(Ping::leader)).contains(new Ping.Leader("m2", 8));
        news.take(from("m2", 8));
        assertThat(news.peers()).containsExactly(PEER);
    }

    @Test
    void whoWasRemovedIsHeardWithEachHeartbeat() {
        var membership = membership();
        var news = new ClusterNews(membership);
        assertThat(membership.removed()).isEqualTo(RemovedMembers.NONE);
        var removed = new RemovedMembers(Map.of("worker w2", clock.instant()));
        news.take(from("m1", 1, removed));
        assertThat(membership.removed()).isEqualTo(removed);
    }

    @Test
    void theMastersAreRememberedOverARestart() {
        new ClusterNews(membership()).take(from("m1", 1, "http://m1:1", "http://m2:1"));
        assertThat(membership().masters()).containsExactly("http://m1:1", "http://m2:1");
    }
}
