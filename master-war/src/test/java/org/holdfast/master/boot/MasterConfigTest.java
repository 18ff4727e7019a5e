package org.holdfast.master.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.holdfast.contract.LeastRate;
import org.holdfast.contract.RefusedStrangers;
import org.holdfast.master.account.ThrottleConfig;
import org.holdfast.master.cluster.HeartbeatConfig;
import org.holdfast.master.cluster.NodeView;
import org.junit.jupiter.api.Test;

/** Tests and administrators shorten what is waited for; these are the times that hold when nobody does. */
class MasterConfigTest {
    /** Stands in for the container's. */
    @SuppressWarnings("UnnecessaryAssignment")
    private static MasterConfig config(Map<String, Object> settings) {
        var config = new MasterConfig();
        config.config = (Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(),
                new Class<?>[] {Config.class},
                (proxy, method, arguments) -> Optional.ofNullable(settings.get((String) arguments[0])));
        return config;
    }

    @Test
    void timesThatHoldUnlessSettingsSayOtherwise() {
        MasterConfig config = config(Map.of());
        assertThat(config.tickets().life()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.uploads().rate()).isEqualTo(new LeastRate(1024, Duration.ofMinutes(1)));
        assertThat(config.heartbeat())
                .isEqualTo(
                        new HeartbeatConfig(Duration.ofMillis(200), Duration.ofMillis(500), 3, Duration.ofSeconds(5)));
        assertThat(config.heal().holdOff()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.replication().deleteGrace()).isEqualTo(Duration.ofHours(1));
        assertThat(config.replication().resendAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.replication().historyLife()).isEqualTo(Duration.ofDays(7));
        assertThat(config.changes().keep()).isEqualTo(Duration.ofDays(7));
        assertThat(config.verify().margin()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.verify().healPatience()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.scrub().every()).isEqualTo(Duration.ofDays(14));
        assertThat(config.locks().transferLease()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.locks().lease()).isEqualTo(Duration.ofHours(1));
        assertThat(config.locks().longest()).isEqualTo(Duration.ofDays(7));
        assertThat(config.people().passwordLinkLife()).isEqualTo(Duration.ofDays(3));
        assertThat(config.alarms().patience()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aNodeThatComesBackAtNightWaitsForNobody() {
        assertThat(config(Map.of()).verify().heal()).isEqualTo(NodeView.Heal.AUTO);
        assertThat(config(Map.of("holdfast.verify.heal", "manual")).verify().heal())
                .isEqualTo(NodeView.Heal.MANUAL);
    }

    @Test
    void boundsForStrangersThatHoldUnlessSettingsSayOtherwise() {
        assertThat(config(Map.of()).guessing())
                .isEqualTo(new ThrottleConfig(5, 20, 20, Duration.ofMinutes(15), Duration.ofMinutes(1)));
        assertThat(config(Map.of()).audit().refused()).isEqualTo(new RefusedStrangers.Bounds(60, 600));
        Map<String, Object> settings = Map.of(
                "holdfast.guessing.free",
                2,
                "holdfast.guessing.free-of-address",
                3,
                "holdfast.guessing.free-of-account",
                4,
                "holdfast.guessing.longest-wait",
                Duration.ofHours(1),
                "holdfast.guessing.longest-wait-of-new",
                Duration.ofSeconds(9),
                "holdfast.audit.refused-of-address",
                "7",
                "holdfast.audit.refused",
                "8");
        assertThat(config(settings).guessing())
                .isEqualTo(new ThrottleConfig(2, 3, 4, Duration.ofHours(1), Duration.ofSeconds(9)));
        assertThat(config(settings).audit().refused()).isEqualTo(new RefusedStrangers.Bounds(7, 8));
        assertThatThrownBy(() -> config(Map.of("holdfast.guessing.free", 0)).guessing())
                .hasMessageContaining("holdfast.guessing.free");
        assertThatThrownBy(() -> config(Map.of("holdfast.guessing.longest-wait", Duration.ofSeconds(30)))
                        .guessing())
                .hasMessageContaining("holdfast.guessing.longest-wait");
    }
}
