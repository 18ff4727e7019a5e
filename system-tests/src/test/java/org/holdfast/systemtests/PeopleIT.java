package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts, quotas and roles, as people meet them: through HTTP and the script. */
@Order(9)
@SharedCluster.Of
class PeopleIT {
    private static final String JSON = "application/json";
    private static final String PASSWORD = "a password for tests";

    private final TestCluster cluster;

    @TempDir
    Path folder;

    PeopleIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** Guesses from this machine count together: those of one test must not slow down the next. */
    @AfterEach
    void forgetGuesses() {
        var unused = cluster.sql("DELETE FROM sign_in_failure");
    }

    /** As many more would: a busy machine takes the second that the first ones cost. */
    private void slow(String subjects) {
        var unused = cluster.sql("UPDATE sign_in_failure SET failures = 30 WHERE subject LIKE '" + subjects + "'");
    }

    private Http.Answer send(Http who, String method, URI uri, String json) {
        return who.send(method, uri, BodyPublishers.ofString(json), "Content-Type", JSON);
    }

    /** Somebody whose password is known, with an empty namespace. */
    private Http person(String name, String more) {
        send(
                        cluster.http(),
                        "POST",
                        cluster.api("users"),
                        "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"mustSetPassword\":false" + more
                                + "}")
                .expect(201);
        return Http.signedInAs(name, PASSWORD);
    }

    private Http.Answer change(String name, String json) {
        return cluster.http().patch(cluster.api("users/" + name), json);
    }

    private static void assertProblem(Http.Answer answer, int status, String code) {
        assertThat(answer.expect(status).json().getString("code")).isEqualTo(code);
    }

    @Test
    void anInvitedPersonSetsAPasswordAndSignsIn() throws Exception {
        String said = cluster.holdfast("user", "add", "ida", "--email", "Ida@example.org", "--display-name", "Ida");
        assertThat(said).contains("made the account ida", "/api/v1/password-links/");
        URI link = URI.create(said.replaceAll("(?s).*(http\\S+).*", "$1"));
        var form = Http.anonymous().get(link).expect(200);
        assertThat(form.text()).contains("<form", "ida");
        assertThat(form.requireHeader("Content-Security-Policy")).contains("frame-ancestors 'none'");
        Http.anonymous()
                .post(
                        link,
                        "password=" + PASSWORD.replace(" ", "+"),
                        "Content-Type",
                        "application/x-www-form-urlencoded")
                .expect(200);
        assertProblem(Http.anonymous().get(link), 404, "link-not-valid");

        Path file = Bytes.file(folder.resolve("ida.bin"), 1_000, 7);
        var ida = cluster.client().with(Map.of("HOLDFAST_USER", "ida@example.org", "HOLDFAST_PASSWORD", PASSWORD));
        ida.and("put", file.toString(), "ida/").run().ok();
        assertThat(ida.and("ls", "ida").run().ok()).isEqualTo("ida.bin\n");
        assertThat(cluster.holdfast("users")).contains("ida@example.org", "active");
        ida.and("users").run().expect(1);
        cluster.client("user", "rm", "ida").run().expect(1);
        cluster.holdfast("user", "rm", "ida", "--delete-files");
        ida.and("ls", "ida").run().expect(1);
    }

    @Test
    void whatEndsEndsWithinTwoSeconds() {
        Http olaf = person("olaf", "");
        var session = olaf.post(cluster.api("session"), "").expect(201).json();
        Http bearer = Http.authorizedBy("Bearer " + session.getString("token"));
        bearer.get(cluster.api("namespaces")).expect(200);
        Http other = session(olaf);
        String id = olaf.get(cluster.api("users/olaf/sessions"))
                .expect(200)
                .json()
                .getJsonArray("sessions")
                .getJsonObject(0)
                .getString("id");
        olaf.delete(cluster.api("users/olaf/sessions/" + id)).expect(204);
        awaitStatus(other, 401);
        olaf.delete(cluster.api("users/olaf/sessions/" + id)).expect(404);
        assertProblem(bearer.post(cluster.api("session"), ""), 403, "forbidden");
        var sessions =
                bearer.get(cluster.api("users/olaf/sessions")).expect(200).json();
        assertThat(sessions.getJsonArray("sessions")).hasSize(1);

        change("olaf", "{\"suspended\":true}").expect(200);
        awaitStatus(bearer, 401);
        awaitStatus(olaf, 403);
        change("olaf", "{\"suspended\":false}").expect(200);
        olaf.get(cluster.api("namespaces")).expect(200);
        awaitStatus(bearer, 401);

        String next = "another password";
        send(
                        Http.anonymous(),
                        "POST",
                        cluster.api("users/olaf/password"),
                        "{\"old\":\"" + PASSWORD + "\",\"new\":\"" + next + "\"}")
                .expect(204);
        awaitStatus(olaf, 401);
        Http.signedInAs("olaf", next).get(cluster.api("namespaces")).expect(200);
        change("olaf", "{\"validUntil\":\"2020-01-01T00:00:00Z\"}").expect(200);
        awaitStatus(Http.signedInAs("olaf", next), 403);
        cluster.http().delete(cluster.api("users/olaf")).expect(204);
        awaitStatus(Http.signedInAs("olaf", next), 401);
    }

    private void awaitStatus(Http who, int status) {
        await().atMost(Patience.promised(Duration.ofSeconds(2)))
                .untilAsserted(() -> who.get(cluster.api("namespaces")).expect(status));
    }

    @Test
    void theScriptChangesAccountsAndEndsTheirSessions() {
        Http wanda = person("wanda", "");
        cluster.holdfast("user", "set", "wanda", "--display-name", "Wanda W.", "--quota-files", "3");
        assertThat(cluster.holdfast("user", "wanda")).contains("Wanda W.", "3");
        Http first = session(wanda);
        Http second = session(wanda);
        String list = cluster.holdfast("user", "sessions", "wanda");
        assertThat(list.lines()).hasSize(3);
        // The newest first, under the line of headings.
        String id = list.lines().skip(1).findFirst().orElseThrow().split("\\s+", 2)[0];
        cluster.holdfast("user", "logout", "wanda", id);
        awaitStatus(second, 401);
        first.get(cluster.api("namespaces")).expect(200);
        cluster.client("user", "logout", "wanda", id).run().expect(3);
        cluster.holdfast("user", "logout", "wanda");
        awaitStatus(first, 401);

        cluster.holdfast("user", "suspend", "wanda");
        awaitStatus(wanda, 403);
        assertThat(cluster.holdfast("user", "wanda")).contains("suspended");
        cluster.holdfast("user", "resume", "wanda");
        awaitStatus(wanda, 200);
        assertThat(cluster.holdfast("user", "link", "wanda")).contains("/api/v1/password-links/");

        Program passwd = cluster.client("passwd", "wanda");
        var words = new ArrayList<>(List.of("sh", "-c", "printf '%s\n' \"$OLD\" 'a new one' | \"$@\"", "sh"));
        words.addAll(passwd.words());
        var typed =
                new Program(words, passwd.environment(), passwd.folder(), passwd.limit()).with(Map.of("OLD", PASSWORD));
        assertThat(typed.run().ok()).contains("the password of wanda is set");
        Http.signedInAs("wanda", "a new one").get(cluster.api("namespaces")).expect(200);
        typed.run().expect(1);
    }

    private Http session(Http who) {
        var session = who.post(cluster.api("session"), "").expect(201).json();
        return Http.authorizedBy("Bearer " + session.getString("token"));
    }

    @Test
    void theLastAdministratorKeepsEverything() {
        person("xenia", "");
        assertProblem(
                cluster.http().delete(URI.create(cluster.api("users/admin") + "?give-to=xenia")),
                409,
                "last-administrator");
        assertThat(cluster.holdfast("user", "admin")).contains("active");
        assertThat(cluster.http()
                        .get(cluster.api("namespaces/admin"))
                        .expect(200)
                        .json()
                        .toString())
                .doesNotContain("xenia");
    }

    /** What another one of this name has done is not told. */
    @Test
    void aNamesakeReadsTheAuditLogOfTheOwnTimeOnly() {
        URI audit = URI.create(cluster.api("users/yuri/audit") + "?action=files.put");
        person("yuri", "")
                .put(cluster.api("files", "yuri/secret.txt"), new byte[1])
                .expect(201);
        cluster.http()
                .delete(URI.create(cluster.api("users/yuri") + "?delete-files=true"))
                .expect(204);
        Http second = person("yuri", "");
        second.put(cluster.api("files", "yuri/own.txt"), new byte[1]).expect(201);
        await().untilAsserted(
                        () -> assertThat(second.get(audit).expect(200).text()).contains("own.txt"));
        assertThat(second.get(audit).expect(200).text()).doesNotContain("secret.txt");
        assertThat(cluster.http().get(audit).expect(200).text()).contains("own.txt", "secret.txt");
    }

    @Test
    void quotasHoldOnBothWaysOfPutting() {
        Http vera = person("vera", ",\"quotaBytes\":1000,\"quotaFiles\":2");
        vera.put(cluster.api("files", "vera/a"), Bytes.random(600, 1)).expect(201);
        assertProblem(vera.put(cluster.api("files", "vera/b"), Bytes.random(500, 2)), 413, "quota-exceeded");
        assertProblem(vera.post(cluster.api("uploads", "vera/b").resolve("b?size=500"), ""), 413, "quota-exceeded");
        // Two tickets that each fit, but not together: the second one's commit is refused at the node.
        URI first = ticket(vera, "vera/b", 300);
        URI second = ticket(vera, "vera/c", 300);
        Http.anonymous().put(first, Bytes.random(300, 3)).expect(201);
        assertProblem(Http.anonymous().put(second, Bytes.random(300, 4)), 413, "quota-exceeded");
        vera.get(cluster.api("files", "vera/c")).expect(404);
        // Nobody knows how long these are before they have come.
        vera.delete(cluster.api("files", "vera/b")).expect(204);
        assertProblem(unknownLength(vera, cluster.api("files", "vera/b"), 401), 413, "quota-exceeded");
        assertProblem(
                unknownLength(vera, cluster.urlOf("sn1").resolve("/api/v1/files/vera/b"), 401), 413, "quota-exceeded");
        unknownLength(vera, cluster.api("files", "vera/b"), 300).expect(201);
        var usage = vera.get(cluster.api("users/vera/usage")).expect(200).json();
        assertThat(usage.getInt("files")).isEqualTo(2);
        assertThat(usage.getInt("bytes")).isEqualTo(900);
        assertThat(vera.get(cluster.api("users/vera/files")).expect(200).json().getJsonArray("files"))
                .hasSize(2);
        vera.delete(cluster.api("files", "vera/a")).expect(204);
        vera.put(cluster.api("files", "vera/c"), Bytes.random(700, 5)).expect(201);
    }

    private static Http.Answer unknownLength(Http who, URI file, int bytes) {
        return who.send(
                "PUT", file, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(Bytes.random(bytes, 6))));
    }

    /** With their effect on files, and on who sees what. */
    @Test
    void namespacesHaveMembersAndQuotas() {
        Http uma = person("uma", "");
        String team = "{\"name\":\"crew\",\"owner\":\"admin\",\"replicas\":1,\"quotaBytes\":1000}";
        var made = send(cluster.http(), "POST", cluster.api("namespaces"), team)
                .expect(201)
                .json();
        assertThat(made.getInt("quotaBytes")).isEqualTo(1_000);
        URI file = cluster.api("files", "crew/plan.txt");
        uma.put(file, new byte[10]).expect(404);
        send(cluster.http(), "PUT", cluster.api("namespaces/crew/members/uma"), "{\"role\":\"editor\"}")
                .expect(204);
        uma.put(file, new byte[10]).expect(201);
        assertProblem(uma.put(file, new byte[1_001]), 413, "quota-exceeded");
        var members = uma.get(cluster.api("namespaces/crew/members"))
                .expect(200)
                .json()
                .getJsonArray("members");
        assertThat(members.stream()
                        .map(member -> member.asJsonObject().getString("user") + " "
                                + member.asJsonObject().getString("role")))
                .containsExactly("admin owner", "uma editor");
        send(uma, "PUT", cluster.api("namespaces/crew/members/uma"), "{\"role\":\"master\"}")
                .expect(403);
        uma.patch(cluster.api("namespaces/crew"), "{\"quotaBytes\":null}").expect(403);
        assertThat(cluster.http()
                        .patch(cluster.api("namespaces/crew"), "{\"quotaBytes\":null,\"quotaFiles\":1}")
                        .expect(200)
                        .json()
                        .isNull("quotaBytes"))
                .isTrue();
        uma.put(file, new byte[1_001]).expect(201);
        assertProblem(uma.put(cluster.api("files", "crew/more.txt"), new byte[1]), 413, "quota-exceeded");
        // What it replaced is kept, and counts.
        assertThat(uma.get(cluster.api("namespaces/crew")).expect(200).text()).contains("\"files\":1,\"bytes\":1011");
        cluster.http().delete(cluster.api("namespaces/crew/members/uma")).expect(204);
        uma.get(cluster.api("namespaces/crew")).expect(404);
        grant(cluster.http(), "crew/plan.txt", "uma", "reader").expect(204);
        assertThat(uma.get(cluster.api("namespaces/crew"))
                        .expect(200)
                        .json()
                        .getJsonArray("namespaces")
                        .getJsonObject(0)
                        .isNull("bytes"))
                .as("told to who has a role on the whole of it")
                .isTrue();
        uma.get(cluster.api("nodes/sn1/checks")).expect(403);
    }

    @Test
    void theScriptMakesNamespacesWithQuotasAndMembers() {
        Http walt = person("walt", "");
        assertThat(cluster.holdfast(
                        "namespace", "add", "choir", "--owner", "admin", "--replicas", "1", "--quota-bytes", "5"))
                .contains("made the namespace choir");
        cluster.holdfast("share", "choir", "walt", "editor");
        assertProblem(walt.put(cluster.api("files", "choir/a"), new byte[6]), 413, "quota-exceeded");
        assertThat(cluster.holdfast("namespace", "set", "choir", "--quota-bytes", "", "--quota-files", "1"))
                .contains("choir");
        walt.put(cluster.api("files", "choir/a"), new byte[6]).expect(201);
        assertProblem(walt.put(cluster.api("files", "choir/b"), new byte[1]), 413, "quota-exceeded");
        assertThat(cluster.holdfast("access", "choir")).contains("walt", "editor");
        cluster.holdfast("unshare", "choir", "walt");
        walt.get(cluster.api("files", "choir/a")).expect(404);
        cluster.client("namespace", "set", "choir").run().expect(2);
        cluster.client("namespace", "set", "choir", "--quota-files", "many")
                .run()
                .expect(2);
        cluster.client("namespace", "set", "choir", "--owner", "walt").run().expect(2);
        cluster.client("namespace", "add", "choir").run().expect(1);
    }

    private URI ticket(Http who, String name, int size) {
        URI uri = URI.create(cluster.api("uploads", name) + "?size=" + size);
        return URI.create(who.post(uri, "").expect(201).requireHeader("Location"));
    }

    /** Every operation of the API on files, by every role; each on a thing of its own. */
    @Test
    void whatARoleAllowsIsTheSameOnEveryPathOfTheApi() {
        Http owner = person("otto", "");
        var people = new LinkedHashMap<String, Http>();
        for (String role : List.of("master", "editor", "reader")) {
            people.put(role, person("otto." + role, ""));
        }
        people.put("stranger", person("otto.stranger", ""));
        owner.put(cluster.api("files", "otto/secret.txt"), "x".getBytes(UTF_8)).expect(201);
        people.forEach((role, who) -> {
            owner.put(cluster.api("files", "otto/" + role + "/f/file.txt"), "x".getBytes(UTF_8))
                    .expect(201);
            owner.put(cluster.api("files", "otto/" + role + "/gone/file.txt"), "x".getBytes(UTF_8))
                    .expect(201);
            if (!role.equals("stranger")) {
                grant(owner, "otto/" + role, "otto." + role, role).expect(204);
            }
        });
        var seen = new LinkedHashMap<String, String>();
        people.forEach((role, who) -> seen.put(role, outcomes(who, role)));
        String reads = "get 307, head 200, old 307, versions 200, where 200, list 200, access 200, namespace 200";
        String writes = "put 201, restore 200, overwrite 201, upload 201, mkdir 201";
        String masters = "share 204, unshare 204, move 200, delete 204, rmdir 204";
        assertThat(seen)
                .containsEntry("master", reads + ", " + writes + ", " + masters)
                .containsEntry("editor", reads + ", " + writes + ", " + masters.replaceAll("\\d+", "403"))
                .containsEntry("reader", reads + ", " + (writes + ", " + masters).replaceAll("\\d+", "403"))
                .containsEntry("stranger", (reads + ", " + writes + ", " + masters).replaceAll("\\d+", "404"));
        people.forEach((role, who) -> {
            who.get(cluster.api("files", "otto/secret.txt")).expect(404);
            who.put(cluster.api("files", "otto/mine.txt"), new byte[1]).expect(404);
        });
        Http.signedInAs("otto.stranger", PASSWORD)
                .get(cluster.api("folders/otto/"))
                .expect(404);
        var bare = Http.signedInAs("otto.reader", PASSWORD)
                .get(cluster.api("folders/otto/"))
                .expect(200)
                .json();
        assertThat(bare.getJsonArray("entries")).hasSize(1);
    }

    private Http.Answer grant(Http who, String name, String user, String role) {
        return send(who, "PUT", cluster.api("access", name), "{\"user\":\"" + user + "\",\"role\":\"" + role + "\"}");
    }

    private String outcomes(Http who, String role) {
        String at = "otto/" + role;
        URI file = cluster.api("files", at + "/f/file.txt");
        var answers = new LinkedHashMap<String, Http.Answer>();
        answers.put("get", who.get(file));
        answers.put("head", who.head(file));
        answers.put("old", who.get(URI.create(file + "?version=1")));
        answers.put("versions", who.get(cluster.api("versions", at + "/f/file.txt")));
        answers.put("where", who.get(cluster.api("replicas", at + "/f/file.txt")));
        answers.put("list", who.get(cluster.api("folders", at)));
        answers.put("access", who.get(cluster.api("access", at + "/f")));
        answers.put("namespace", who.get(cluster.api("namespaces/otto")));
        answers.put("put", who.put(cluster.api("files", at + "/f/new.txt"), new byte[1]));
        answers.put("restore", send(who, "POST", cluster.api("versions", at + "/f/file.txt"), "{\"version\":1}"));
        answers.put("overwrite", who.put(file, new byte[2]));
        answers.put("upload", who.post(cluster.api("uploads", at + "/f/up.txt"), ""));
        answers.put("mkdir", who.put(cluster.api("folders", at + "/f/made"), new byte[0]));
        answers.put("share", grant(who, at + "/f", "admin", "reader"));
        answers.put("unshare", who.delete(URI.create(cluster.api("access", at + "/f") + "?user=admin")));
        answers.put("move", who.post(URI.create(file + "?move-to=" + at + "/f/moved.txt"), ""));
        answers.put("delete", who.delete(cluster.api("files", at + "/gone/file.txt")));
        answers.put("rmdir", who.delete(URI.create(cluster.api("folders", at + "/gone") + "?recursive=true")));
        return String.join(
                ", ",
                answers.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue().status())
                        .toList());
    }

    @Test
    void aStrangerCantTellWhatIsThereFromWhatIsNot() {
        Http paula = person("paula", "");
        Http quentin = person("quentin", "");
        paula.put(cluster.api("files", "paula/there.txt"), new byte[1]).expect(201);
        for (String resource : List.of("files", "versions", "replicas", "access")) {
            String there = quentin.get(cluster.api(resource, "paula/there.txt"))
                    .expect(404)
                    .text();
            assertThat(quentin.get(cluster.api(resource, "paula/where.txt"))
                            .expect(404)
                            .text())
                    .isEqualTo(there.replace("there.txt", "where.txt"));
            assertThat(quentin.get(cluster.api(resource, "nobod/there.txt"))
                            .expect(404)
                            .text())
                    .isEqualTo(there.replace("paula", "nobod"));
        }
        String account = quentin.get(cluster.api("users/paula")).expect(404).text();
        assertThat(quentin.get(cluster.api("users/nobod")).expect(404).text())
                .isEqualTo(account.replace("paula", "nobod"));
    }

    @Test
    void theScriptSharesAndTellsWhoMay() {
        Http rita = person("rita", "");
        Http sven = person("sven", "");
        rita.put(cluster.api("files", "rita/deep/er/a.txt"), "kelp".getBytes(UTF_8))
                .expect(201);
        var hers = cluster.client().with(Map.of("HOLDFAST_USER", "rita", "HOLDFAST_PASSWORD", PASSWORD));
        hers.and("share", "rita/deep/er", "sven", "editor").run().ok();
        assertThat(hers.and("access", "rita/deep/er").run().ok()).contains("owner", "sven", "editor");
        var his = cluster.client().with(Map.of("HOLDFAST_USER", "sven", "HOLDFAST_PASSWORD", PASSWORD));
        assertThat(his.and("ls", "rita").run().ok()).isEqualTo("deep/\n");
        assertThat(his.and("get", "rita/deep/er/a.txt", "-").run().ok()).isEqualTo("kelp");
        his.and("rm", "rita/deep/er/a.txt").run().expect(1);
        sven.put(cluster.api("files", "rita/deep/er/b.txt"), new byte[1]).expect(201);
        hers.and("unshare", "rita/deep/er", "sven").run().ok();
        his.and("ls", "rita").run().expect(3);
        assertThat(hers.and("usage").run().ok()).contains("rita");
    }

    @Test
    void guessingIsSlowedDown() {
        person("tilda", "");
        Http wrong = Http.signedInAs("tilda", "a guess");
        for (int guess = 0; guess < 5; guess++) {
            wrong.get(cluster.api("namespaces")).expect(401);
        }
        var refused = Http.signedInAs("tilda", PASSWORD).get(cluster.api("namespaces"));
        assertProblem(refused, 429, "too-many-attempts");
        assertThat(Integer.parseInt(refused.requireHeader("Retry-After"))).isBetween(1, 2);
        await().until(() -> Http.signedInAs("tilda", PASSWORD)
                        .get(cluster.api("namespaces"))
                        .status()
                == 200);
    }

    @Test
    void anAdministratorLetsSomebodyInWhoGuessedTooOften() {
        person("thea", "");
        Http.signedInAs("thea", "a guess").get(cluster.api("namespaces")).expect(401);
        slow("account:%@%");
        var refused = Http.signedInAs("thea", PASSWORD).get(cluster.api("namespaces"));
        assertProblem(refused, 429, "too-many-attempts");
        assertThat(refused.requireHeader("Retry-After")).matches("8\\d\\d|900");
        cluster.holdfast("user", "unthrottle", "thea");
        Http.signedInAs("thea", PASSWORD).get(cluster.api("namespaces")).expect(200);
    }

    @Test
    void whoHasAnAccountIsNotFoundOutBySharingOrByTheOwnEmailAddress() {
        Http ulla = person("ulla", "");
        person("vito", ",\"email\":\"vito@example.org\"");
        String refused = ulla.patch(cluster.api("users/ulla"), "{\"email\":\"vito@example.org\"}")
                .expect(403)
                .text();
        assertThat(refused).contains("email-by-administrator");
        assertThat(ulla.patch(cluster.api("users/ulla"), "{\"email\":\"free@example.org\"}")
                        .expect(403)
                        .text())
                .isEqualTo(refused);
        cluster.holdfast("user", "set", "ulla", "--email", "ulla@example.org");

        assertProblem(grant(ulla, "ulla", "nobody", "reader"), 404, "no-such-account");
        slow("names:%");
        assertProblem(grant(ulla, "ulla", "vito", "reader"), 429, "too-many-attempts");
        cluster.holdfast("user", "unthrottle", "ulla");
        grant(ulla, "ulla", "vito", "reader").expect(204);
        assertProblem(ulla.delete(cluster.api("namespaces/ulla/members/nobody")), 404, "not-found");
    }
}
