package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer tries in the first minute. */
@Order(1)
@SharedCluster.Of
class SmokeIT {
    private final TestCluster cluster;

    @TempDir
    Path folder;

    SmokeIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aFileGoesInIsReplicatedAndComesBackVerified() throws IOException {
        Path file = Bytes.file(folder.resolve("hello.bin"), 300_000, 1);
        assertThat(cluster.holdfast("put", file.toString(), "admin/smoke/hello.bin"))
                .contains("stored admin/smoke/hello.bin (300000 bytes");

        var copies = Copies.awaitAll(cluster, "admin/smoke/hello.bin");
        assertThat(copies.sha256()).isEqualTo(Bytes.sha256(file));
        assertThat(copies.verified()).containsExactlyInAnyOrder("sn1", "sn2", "sn3");
        assertThat(cluster.holdfast("where", "admin/smoke/hello.bin"))
                .contains("origin", "replica", "verified", "sn1", "sn2", "sn3", "running");
        assertThat(cluster.holdfast("stat", "admin/smoke/hello.bin"))
                .contains("300000", Bytes.sha256(file))
                .containsPattern("version +1");
        assertThat(cluster.holdfast("ls", "admin/smoke")).isEqualTo("hello.bin\n");

        Path back = folder.resolve("back.bin");
        cluster.holdfast("get", "admin/smoke/hello.bin", back.toString());
        assertThat(back).hasSameBinaryContentAs(file);

        cluster.holdfast("mv", "admin/smoke/hello.bin", "admin/smoke/moved.bin");
        assertThat(cluster.holdfast("ls", "admin/smoke")).isEqualTo("moved.bin\n");
        cluster.client("get", "admin/smoke/hello.bin", back.toString()).run().expect(3);

        cluster.holdfast("rm", "admin/smoke/moved.bin");
        assertThat(cluster.holdfast("ls", "admin/smoke")).isEmpty();
    }

    @Test
    void plainCurlDoesTheSame() throws IOException {
        Path file = Bytes.file(folder.resolve("curl.bin"), 100_000, 2);
        String url = cluster.api("files", "admin/smoke/curl.bin").toString();
        String authority = cluster.authority().toString();
        var curl = Program.of(folder, "curl", "-sSf", "--cacert", authority, "-u", "admin:" + cluster.password());

        assertThat(curl.and("-T", file.toString(), url).run().ok()).contains("\"size\":100000");
        Path back = folder.resolve("curl.back");
        curl.and("-L", "-o", back.toString(), url).run().ok();
        assertThat(back).hasSameBinaryContentAs(file);
        assertThat(curl.and("-I", url).run().ok()).contains("100000", Bytes.sha256(file));
        curl.and("-X", "DELETE", url).run().ok();
        curl.and("-L", url).run().expect(22);
    }

    @Test
    void sqlAndWhereTellTheSame() {
        String name = "admin/smoke/told.bin";
        cluster.http().put(cluster.api("files", name), Bytes.random(5_000, 3)).expect(201);
        var copies = Copies.awaitAll(cluster, name);
        assertThat(cluster.sql("SELECT node, role, priority, state, sha256 FROM replica_location"
                        + " WHERE namespace = 'admin' AND folder = 'smoke' AND name = 'told.bin' ORDER BY priority"))
                .isEqualTo(copies.all().stream()
                        .map(copy -> List.of(
                                copy.node(),
                                copy.role(),
                                Integer.toString(copy.priority()),
                                "VERIFIED",
                                copies.sha256()))
                        .toList());
        assertThat(cluster.sql("SELECT path FROM under_replicated WHERE namespace = 'admin' AND folder = 'smoke'"
                        + " AND name = 'told.bin'"))
                .isEmpty();
    }

    @Test
    void listingsAreTablesForPeopleAndTabbedLinesForScripts() {
        cluster.http()
                .put(cluster.api("files", "admin/forms/ä b.txt"), "x".getBytes(UTF_8))
                .expect(201);
        URI forms = cluster.api("folders", "admin/forms");

        var lines =
                cluster.http().get(forms, "Accept", "text/tab-separated-values").expect(200);
        assertThat(lines.requireHeader("Content-Type")).startsWith("text/tab-separated-values");
        assertThat(lines.text().lines()).hasSize(2).first().isEqualTo("type\tsize\tmodified\tetag\tname\tfileTime");
        assertThat(lines.text().lines().skip(1).findFirst().orElseThrow().split("\t", -1))
                .hasSize(6)
                .contains("file", "1", "ä b.txt");

        var table = cluster.http().get(forms, "Accept", "text/plain").expect(200);
        assertThat(table.requireHeader("Content-Type")).startsWith("text/plain");
        assertThat(table.text()).containsPattern("(?m)^TYPE +SIZE +MODIFIED").doesNotContain("\t");

        var json = cluster.http().get(forms, "Accept", "application/json").expect(200);
        assertThat(json.json().getJsonArray("entries")).hasSize(1);
    }

    @Test
    void everyComponentTellsItsHealth() {
        var anyone = Http.anonymous();
        for (String name : List.of("m1", "sn1", "sn2", "sn3", "worker1")) {
            URI url = cluster.urlOf(name);
            assertThat(anyone.get(url.resolve("/health/live"))
                            .expect(200)
                            .json()
                            .getString("status"))
                    .as(name)
                    .isEqualTo("UP");
            assertThat(anyone.get(url.resolve("/health/ready"))
                            .expect(200)
                            .json()
                            .getString("status"))
                    .as(name)
                    .isEqualTo("UP");
            assertThat(anyone.get(url.resolve("/metrics")).expect(200).text())
                    .as(name)
                    .contains("# TYPE ", "holdfast_");
        }
        String master = anyone.get(cluster.url().resolve("/health/ready")).text();
        assertThat(master).containsIgnoringCase("database").containsIgnoringCase("broker");
        assertThat(anyone.get(cluster.urlOf("sn1").resolve("/health/ready")).text())
                .containsIgnoringCase("disk");
        assertThat(anyone.get(cluster.url().resolve("/openapi")).expect(200).text())
                .contains("openapi:", "/api/v1/replicas/", "/api/v1/files/", "/api/v1/uploads/");
    }

    @Test
    void statusListsEveryComponentAsReady() {
        assertThat(cluster.status())
                .containsOnlyKeys("mariadb", "broker", "m1", "sn1", "sn2", "sn3", "worker1")
                .allSatisfy((name, component) ->
                        assertThat(component.state()).as(name).isEqualTo("ready"));
        assertThat(Files.exists(cluster.data().resolve("secrets"))).isTrue();
    }
}
