package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was done is in the audit log and at a real rsyslog, told by a master over TCP and by a node over UDP. */
@Order(38)
@SharedCluster.Of
class AuditIT {
    private static final String NAME = "admin/audit/books.txt";

    @TempDir
    static Path folder;

    private static TestCluster cluster;
    private static Process receiver;

    @BeforeAll
    static void listen(TestCluster shared) throws IOException {
        cluster = shared;
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1), new String[] {"/usr/sbin", "/sbin"})
                        .flatMap(Stream::of)
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "rsyslogd"))),
                "rsyslogd is missing: apt-get install rsyslog");
        int port = URI.create(cluster.settings().getOrDefault("m1:holdfast.syslog.url", ""))
                .getPort();
        Path config = Files.writeString(folder.resolve("rsyslog.conf"), """
                global(workDirectory="%1$s" maxMessageSize="64k")
                module(load="imtcp")
                module(load="imudp")
                template(name="fields" type="string"
                         string="%%app-name%% %%procid%% %%msgid%% %%structured-data%% %%msg%%\\n")
                ruleset(name="audit") { action(type="omfile" file="%1$s/received" template="fields") }
                input(type="imtcp" address="127.0.0.1" port="%2$d" ruleset="audit")
                input(type="imudp" address="127.0.0.1" port="%2$d" ruleset="audit")
                """.formatted(folder, port));
        receiver = new ProcessBuilder(
                        "sh",
                        "-c",
                        "PATH=$PATH:/usr/sbin:/sbin exec rsyslogd -n -f \"$1\" -i \"$2\"",
                        "rsyslogd",
                        config.toString(),
                        folder.resolve("pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("rsyslogd.txt").toFile())
                .start();
        await().ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
    }

    @AfterAll
    static void stopListening() throws InterruptedException {
        if (receiver != null) {
            receiver.destroy();
            assertThat(receiver.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Rows of the audit log as component, actor, way, action, object, status and bytes. */
    private static List<String> rows(String where) {
        return cluster
                .sql("SELECT component, actor, via, action, object, status, COALESCE(bytes, '-') FROM audit_log WHERE "
                        + where + " ORDER BY id")
                .stream()
                .map(row -> String.join(" ", row))
                .toList();
    }

    private static void awaitReceived(String... parts) {
        // The receiver makes its file when something has come.
        await().ignoreExceptionsInstanceOf(NoSuchFileException.class)
                .untilAsserted(() -> assertThat(Files.readString(folder.resolve("received"), UTF_8)
                                .lines())
                        .anySatisfy(line -> assertThat(line).contains(parts)));
    }

    @Tag("slow")
    @Test
    void aMasterThatIsStoppedWhileTheDatabaseIsAwayLeavesItsRecordsInItsLog() throws IOException {
        cluster.kill("mariadb");
        cluster.http().get(cluster.api("files", "admin/audit/in the log")).expect(503);
        cluster.node("stop", "m1");
        try (Stream<Path> logs = Files.list(cluster.data().resolve("logs"))) {
            List<String> kept = new ArrayList<>();
            for (Path log : logs.filter(Files::isRegularFile).toList()) {
                Files.readString(log, ISO_8859_1)
                        .lines()
                        .filter(line -> line.contains("a record of the audit log is kept here only"))
                        .forEach(kept::add);
            }
            assertThat(kept).anyMatch(line -> line.contains("admin/audit/in the log"));
        } finally {
            cluster.node("start", "mariadb");
            cluster.node("start", "m1");
            cluster.awaitAllNodesRunning();
        }
    }

    @Test
    void whatIsDoneIsInTheAuditLogAndAtTheReceiver() throws IOException {
        byte[] body = Bytes.random(10_000, 38);
        cluster.http().put(cluster.api("files", NAME), body).expect(201);
        // Whoever changes something is answered when the record is stored.
        assertThat(rows("object = '" + NAME + "'"))
                .containsExactly("m1 admin PASSWORD files.put " + NAME + " 201 10000");
        awaitReceived("holdfast m1 files.put [holdfast@32473 ", "object=\"" + NAME + "\"", "status=\"201\"");

        Copies.awaitAll(cluster, NAME);
        URI fromSn1 = URI.create(cluster.api("files", NAME) + "?node=sn1");
        assertThat(cluster.http().follow(fromSn1).expect(200).bytes()).isEqualTo(body);
        await().untilAsserted(() -> assertThat(rows("object = '" + NAME + "' AND action LIKE '%.get'"))
                .contains(
                        "m1 admin PASSWORD files.get " + NAME + " 307 -",
                        "sn1 admin TICKET blobs.get " + NAME + " 200 10000"));
        awaitReceived("holdfast sn1 blobs.get [holdfast@32473 ", "actor=\"admin\"", "bytes=\"10000\"");

        Http.signedInAs("admin", "not the password").get(cluster.api("users")).expect(401);
        awaitReceived("holdfast m1 users.get ", "code=\"sign-in-required\"", "status=\"401\"");
        assertThat(rows("status = 401 AND actor = 'admin'")).contains("m1 admin PASSWORD users.get  401 -");
        var unused = cluster.sql("DELETE FROM sign_in_failure");

        cluster.http()
                .send(
                        "POST",
                        cluster.api("users"),
                        BodyPublishers.ofString("{\"name\":\"audrey\",\"password\":\"a secret of hers\"}"),
                        "Content-Type",
                        "application/json")
                .expect(201);
        assertThat(rows("action = 'users.create'")).contains("m1 admin PASSWORD users.create audrey 201 -");
        awaitReceived("holdfast m1 users.create ", "object=\"audrey\"");
        assertThat(Files.readString(folder.resolve("received"), UTF_8)).doesNotContain("a secret of hers");

        assertThat(cluster.holdfast("audit", "--action", "users.create", "--limit", "5"))
                .contains("ACTOR", "users.create", "audrey");
    }
}
