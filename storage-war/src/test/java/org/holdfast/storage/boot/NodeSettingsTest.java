package org.holdfast.storage.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.holdfast.contract.LeastRate;
import org.junit.jupiter.api.Test;

/** Tests and administrators shorten what is waited for; these are the times that hold when nobody does. */
class NodeSettingsTest {
    private static NodeSettings read(Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "holdfast.node.name", "sn1", "holdfast.node.url", "http://127.0.0.1:1", "holdfast.node.data", "/data"));
        settings.putAll(more);
        return NodeSettings.read((Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(), new Class<?>[] {Config.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getOptionalValue");
                    return Optional.ofNullable(settings.get((String) arguments[0]))
                            .map(text -> arguments[1] == Duration.class ? Duration.parse(text) : text);
                }));
    }

    @Test
    void timesThatHoldUnlessSettingsSayOtherwise() {
        NodeSettings settings = read(Map.of());
        assertThat(settings.uploadRate()).isEqualTo(new LeastRate(1024, Duration.ofMinutes(1)));
        assertThat(settings.commitGrace()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.diskPatience()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.quarantineKeep()).isEqualTo(Duration.ofDays(30));
        assertThat(settings.uploadKeep()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void settingsChangeThem() {
        NodeSettings settings = read(Map.of(
                "holdfast.upload.commit-grace", "PT1S",
                "holdfast.node.disk-patience", "PT2S",
                "holdfast.quarantine.keep", "PT3S",
                "holdfast.upload.keep", "PT4S",
                "holdfast.upload.slowest-window", "PT5S",
                "holdfast.download.slowest-window", "PT6S"));
        assertThat(settings.commitGrace()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.diskPatience()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.quarantineKeep()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.uploadKeep()).isEqualTo(Duration.ofSeconds(4));
        assertThat(settings.uploadRate().window()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.downloadRate().window()).isEqualTo(Duration.ofSeconds(6));
    }
}
