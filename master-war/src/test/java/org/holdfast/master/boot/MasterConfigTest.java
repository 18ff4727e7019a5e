package org.holdfast.master.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.holdfast.contract.LeastRate;
import org.holdfast.master.cluster.HeartbeatConfig;
import org.junit.jupiter.api.Test;

/** Tests and administrators shorten what is waited for; these are the times that hold when nobody does. */
class MasterConfigTest {
    /** A configuration in which nothing is set stands in for the container's. */
    @SuppressWarnings("UnnecessaryAssignment")
    @Test
    void timesThatHoldUnlessSettingsSayOtherwise() {
        var config = new MasterConfig();
        config.config = (Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(),
                new Class<?>[] {Config.class},
                (proxy, method, arguments) -> Optional.empty());
        assertThat(config.tickets().life()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.uploads().rate()).isEqualTo(new LeastRate(1024, Duration.ofMinutes(1)));
        assertThat(config.heartbeat())
                .isEqualTo(new HeartbeatConfig(Duration.ofMillis(200), Duration.ofMillis(500), 3));
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
}
