package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Links for people without an account: programs, browsers, and what becomes of the link afterwards. */
@Order(10)
@SharedCluster.Of
class LinksIT {
    private static final String WORD = "a word of its own";
    private static final String HTML = "text/html";

    private final TestCluster cluster;
    private final Http http;
    private final Http nobody = Http.anonymous();

    LinksIT(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    private void put(String name, String text) {
        http.put(cluster.api("files", "admin/links/" + name), text.getBytes(UTF_8), "Content-Type", "text/plain")
                .expect(201);
    }

    private URI link(String name, String json) {
        var made = http.send(
                        "POST",
                        cluster.api("links", "admin/links/" + name),
                        BodyPublishers.ofString(json),
                        "Content-Type",
                        "application/json")
                .expect(201);
        assertThat(made.requireHeader("Cache-Control")).isEqualTo("no-store");
        return URI.create(made.json().getString("url"));
    }

    private static void assertProblem(Http.Answer answer, int status, String code) {
        assertThat(answer.expect(status).json().getString("code")).isEqualTo(code);
    }

    @Test
    void aFileIsReadByWhoeverHasTheLinkUntilItIsTakenAway() {
        put("kelp.txt", "kelp");
        URI link = URI.create(cluster.holdfast("link", "admin/links/kelp.txt").strip());
        assertThat(nobody.follow(link).expect(200).text()).isEqualTo("kelp");
        // What the link leads to ends soon after it.
        String location = nobody.get(link).expect(307).requireHeader("Location");
        long expires = Tickets.claims(location.replaceAll(".*ticket=", ""))
                .getJsonNumber("exp")
                .longValue();
        assertThat(Instant.ofEpochMilli(expires)).isBefore(Instant.now().plusSeconds(61));
        String id = cluster.sql("SELECT id FROM share_link ORDER BY id DESC LIMIT 1")
                .get(0)
                .get(0);
        assertThat(cluster.holdfast("links", "admin/links/kelp.txt")).contains(id, "admin");
        await().untilAsserted(() -> assertThat(
                        cluster.sql("SELECT action, via, object, status FROM audit_log WHERE actor = 'link " + id
                                + "' ORDER BY action"))
                .extracting(row -> String.join(" ", row))
                .contains("blobs.get TICKET admin/links/kelp.txt 200", "shared.read LINK admin/links/kelp.txt 307"));
        String token = link.getRawPath().replaceAll(".*/", "");
        assertThat(cluster.sql(
                        "SELECT id FROM audit_log WHERE CONCAT(object, COALESCE(detail, '')) LIKE '%" + token + "%'"))
                .isEmpty();
        cluster.holdfast("unlink", "admin/links/kelp.txt", id);
        assertProblem(nobody.get(link), 404, "link-not-valid");
    }

    @Test
    void aFolderIsListedAndReadAndNothingBesideIt() {
        put("in/a.txt", "a");
        put("in/deep/b <i>.txt", "b");
        put("in2/secret.txt", "s");
        URI link = link("in", "{}");
        var listed = nobody.get(link).expect(200).json();
        assertThat(listed.getJsonArray("entries")).hasSize(2);
        assertThat(listed.toString()).doesNotContain("links", "in2");
        assertThat(nobody.follow(URI.create(link + "/deep/b%20%3Ci%3E.txt"))
                        .expect(200)
                        .text())
                .isEqualTo("b");
        var page = nobody.get(URI.create(link + "/deep"), "Accept", HTML).expect(200);
        assertThat(page.requireHeader("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(page.text()).contains("b &lt;i&gt;.txt").doesNotContain("<i>");
        assertProblem(nobody.get(URI.create(link + "/absent")), 404, "not-found");
        for (String out :
                new String[] {"/../in2/secret.txt", "/%2e%2e/in2/secret.txt", "2/secret.txt", ";2/secret.txt"}) {
            assertThat(nobody.get(URI.create(link + out)).status()).as(out).isIn(400, 404);
        }
        nobody.put(URI.create(link + "/new.txt"), new byte[1]).expect(405);
    }

    @Test
    void aPasswordIsAskedForInAFormOrAHeader() {
        put("locked/a.txt", "a");
        URI link = link("locked", "{\"password\":\"" + WORD + "\"}");
        assertProblem(nobody.get(link), 401, "link-password-required");
        assertProblem(nobody.get(link, "Holdfast-Link-Password", "wrong"), 401, "link-password-required");
        String pass = nobody.get(link, "Holdfast-Link-Password", WORD)
                .expect(200)
                .json()
                .getString("pass");
        assertThat(nobody.follow(URI.create(link + "/a.txt?pass=" + pass))
                        .expect(200)
                        .text())
                .isEqualTo("a");

        assertThat(nobody.get(link, "Accept", HTML).expect(200).text()).contains("<form", "password");
        String type = "application/x-www-form-urlencoded";
        var again = nobody.post(link, "password=wrong", "Content-Type", type).expect(403);
        assertThat(again.text()).contains("<form");
        assertThat(again.header("WWW-Authenticate")).isEmpty();
        var opened = nobody.post(link, "password=" + WORD.replace(' ', '+'), "Content-Type", type)
                .expect(200);
        Matcher onwards = Pattern.compile("0; url=(\\S+)").matcher(opened.requireHeader("Refresh"));
        assertThat(onwards.matches()).isTrue();
        assertThat(nobody.get(link.resolve(onwards.group(1)), "Accept", HTML)
                        .expect(200)
                        .text())
                .contains("a.txt");
        var unused = cluster.sql("DELETE FROM sign_in_failure");
    }
}
