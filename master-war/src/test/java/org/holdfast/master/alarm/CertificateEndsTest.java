package org.holdfast.master.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.holdfast.contract.TlsIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that shows a certificate of its own, made by the JDK's keytool. */
class CertificateEndsTest {
    private static final String PASSWORD = "a password of a store";
    private static final int DAYS = 20;

    @TempDir
    Path folder;

    private TlsIdentity identity(String from, int days) throws Exception {
        Files.writeString(folder.resolve("password"), PASSWORD);
        keytool(
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=m1",
                "-startdate",
                from,
                "-validity",
                Integer.toString(days));
        keytool(
                "-exportcert",
                "-alias",
                "own",
                "-file",
                folder.resolve("own.cer").toString());
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "authority",
                "-file",
                folder.resolve("own.cer").toString());
        return TlsIdentity.read(folder.resolve("store.p12"), folder.resolve("password"));
    }

    private void keytool(String... words) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", folder.resolve("store.p12").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.txt").toFile())
                .start();
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("keytool.txt")))
                .isZero();
    }

    @Test
    void whatAServerShowsIsKnownAndStaysKnownWhenItIsAway() throws Exception {
        TlsIdentity identity = identity("-1d", DAYS);
        HttpsServer server = server(identity);
        String authority = "127.0.0.1:" + server.getAddress().getPort();
        var ends = new CertificateEnds();
        for (int i = 0; i < 2; i++) {
            ends.look(Map.of(authority, URI.create("https://" + authority)));
            assertThat(ends.known()).containsOnlyKeys(authority);
            Instant end = Objects.requireNonNull(ends.known().get(authority));
            assertThat(identity.daysLeft(end.minus(Duration.ofDays(DAYS)))).isEqualTo(DAYS);
            server.stop(0);
        }
    }

    private static HttpsServer server(TlsIdentity identity) throws Exception {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        server.start();
        return server;
    }

    @Test
    void oneThatHasEndedIsSeen() throws Exception {
        HttpsServer server = server(identity("-3d", 1));
        String authority = "127.0.0.1:" + server.getAddress().getPort();
        var ends = new CertificateEnds();
        ends.look(Map.of(authority, URI.create("https://" + authority)));
        server.stop(0);
        Instant end = Objects.requireNonNull(ends.known().get(authority));
        assertThat(end).isBefore(Instant.now().minus(Duration.ofDays(1)));
    }

    @Test
    void anEndIsAWarningAMonthBeforeAndCriticalAWeekBefore() {
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        assertThat(FindAlarms.certificate("sn1", now.plus(Duration.ofDays(31)), now))
                .isEmpty();
        assertThat(FindAlarms.certificate("sn1", now.plus(Duration.ofDays(29)), now)
                        .map(Alarm::severity))
                .contains(Alarm.Severity.WARNING);
        assertThat(FindAlarms.certificate("sn1", now.plus(Duration.ofDays(6)), now)
                        .map(Alarm::severity))
                .contains(Alarm.Severity.CRITICAL);
        assertThat(FindAlarms.certificate("sn1", now.minus(Duration.ofDays(6)), now)
                        .map(Alarm::severity))
                .contains(Alarm.Severity.CRITICAL);
    }
}
