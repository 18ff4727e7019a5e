package org.holdfast.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.syslog.Facility;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.HoldfastException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyslogConfigTest {
    private static Optional<SyslogConfig> read(Map<String, String> settings) {
        return SyslogConfig.of(name -> Optional.ofNullable(settings.get(name)));
    }

    @Test
    void withoutAReceiverNobodyIsTold() {
        assertThat(read(Map.of())).isEmpty();
        assertThat(read(Map.of("holdfast.syslog.url", " "))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "udp://logs.example.org, udp://logs.example.org:514",
        "tcp://127.0.0.1:1514, tcp://127.0.0.1:1514",
        "tls://logs.example.org, tls://logs.example.org:6514",
        "TLS://[::1]:7000, tls://[::1]:7000"
    })
    void anAddressHasAProtocolAHostAndAPortOrTheUsualOne(String told, String understood) {
        SyslogConfig config = read(Map.of("holdfast.syslog.url", told)).orElseThrow();
        assertThat(config.receiver()).hasToString(understood);
        assertThat(config.facility()).isEqualTo(Facility.LOCAL0);
        assertThat(config.authority()).isEmpty();
    }

    @Test
    void facilityAndAuthorityCanBeChosen() {
        SyslogConfig config = read(Map.of(
                        "holdfast.syslog.url", "tls://logs",
                        "holdfast.syslog.facility", "authpriv",
                        "holdfast.syslog.ca-file", "/etc/logs.pem"))
                .orElseThrow();
        assertThat(config.facility()).isEqualTo(Facility.AUTHPRIV);
        assertThat(config.authority()).contains(Path.of("/etc/logs.pem"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"logs:514", "http://logs:514", "udp://", "udp://logs:70000", "udp:// logs", "/dev/log"})
    void whatIsNoAddressIsRefusedAtTheBoot(String url) {
        assertThatThrownBy(() -> read(Map.of("holdfast.syslog.url", url)))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("holdfast.syslog.url is udp://host:port");
    }

    @Test
    void anUnknownFacilityIsRefused() {
        assertThatThrownBy(() ->
                        read(Map.of("holdfast.syslog.url", "udp://logs", "holdfast.syslog.facility", "everything")))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("holdfast.syslog.facility");
    }
}
