package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links for people without an account, as the client script makes, shows and ends them. */
@NullMarked
class ClientScriptLinksTest {
    private static final Path SCRIPT = Path.of("client/holdfast").toAbsolutePath();
    private static final String URL = "https://h/api/v1/shared/t.k.s\n";

    @TempDir
    Path folder;

    @AutoClose
    private final FakeCluster cluster = new FakeCluster();

    ClientScriptLinksTest() throws IOException {}

    private record Answer(int code, String text) {}

    private Answer run(String input, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("sh", SCRIPT.toString()));
        words.addAll(List.of(arguments));
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "HOLDFAST_MASTERS", cluster.url(),
                        "HOLDFAST_USER", "admin",
                        "HOLDFAST_PASSWORD", FakeCluster.PASSWORD,
                        "HOME", folder.toString(),
                        "TMPDIR", Files.createTempDirectory(folder, "tmp").toString()));
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(UTF_8));
        }
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        return new Answer(process.exitValue(), text);
    }

    @Test
    void aLinkIsMadeAndItsTextShown() throws Exception {
        assertThat(run("", "link", "admin/a b")).isEqualTo(new Answer(0, URL));
        assertThat(cluster.requests).endsWith("POST /api/v1/links/admin/a%20b");
        assertThat(cluster.bodies).containsExactly("{}");
    }

    @Test
    void itHasAnEndAndAPasswordThatNoProcessShows() throws Exception {
        var made = run("a \"word\"\n", "link", "admin/a", "--until", "2027-01-31T12:00:00Z", "--password");
        assertThat(made).isEqualTo(new Answer(0, URL));
        assertThat(cluster.bodies)
                .containsExactly("{\"expiresAt\":\"2027-01-31T12:00:00Z\",\"password\":\"a \\\"word\\\"\"}");
    }

    @Test
    void aPutSaysWhatBecameOfWhatItReplaced() throws Exception {
        String stored = "stored admin/f (2 bytes, 1 of 3 copies durable)";
        assertThat(run("ab", "put", "-", "admin/f").text()).isEqualTo(stored + "\n");
        assertThat(run("cd", "put", "-", "admin/f").text()).isEqualTo(stored + ", replaced (version 2; 1 is kept)\n");
        assertThat(run("ef", "put", "-", "admin/f").text()).isEqualTo(stored + ", replaced (version 3; 2 is kept)\n");
        cluster.versionsKept = 0;
        assertThat(run("gh", "put", "-", "admin/f").text())
                .isEqualTo(stored + ", replaced (version 4; none is kept)\n");
    }

    @Test
    void aWorkerIsRemoved() throws Exception {
        assertThat(run("", "worker", "remove", "w2"))
                .isEqualTo(new Answer(
                        0,
                        "worker w2 is removed; a new certificate lets it come back (setup/certificates renew w2)\n"));
        assertThat(cluster.requests).endsWith("DELETE /api/v1/workers/w2");
        assertThat(run("", "worker", "w2").code()).isEqualTo(2);
        assertThat(run("", "worker", "remove").code()).isEqualTo(2);
    }

    @Test
    void linksAreShownAndEnded() throws Exception {
        assertThat(run("", "links", "admin/a")).isEqualTo(new Answer(0, "table of admin/a"));
        assertThat(run("", "unlink", "admin/a", "L1").code()).isZero();
        assertThat(cluster.requests).endsWith("DELETE /api/v1/links/admin/a?id=L1");
    }

    @Test
    void whatIsMissingIsSaid() throws Exception {
        for (String[] words : new String[][] {
            {"link"}, {"link", "admin/a", "--until"}, {"link", "admin/a", "--never"}, {"unlink", "admin/a"}, {"links"}
        }) {
            assertThat(run("", words).code()).as(String.join(" ", words)).isEqualTo(2);
        }
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void aListingThatDoesNotGoOnEndsInsteadOfGoingRound() throws Exception {
        for (int file = 0; file < 20; file++) {
            cluster.files.put("admin/stuck/" + file, new byte[0]);
            cluster.files.put("admin/fine/" + file, new byte[0]);
        }
        assertThat(run("", "ls", "admin/fine").text().lines()).hasSize(20);
        assertThat(run("", "ls", "admin/stuck"))
                .isEqualTo(new Answer(
                        4, "holdfast: admin/stuck: the listing does not go on behind %31%34; it is not whole\n"));
        assertThat(run("", "get", "-r", "admin/stuck", folder.resolve("back").toString())
                        .code())
                .isEqualTo(4);
        assertThat(cluster.requests).hasSizeLessThan(10);
    }
}
