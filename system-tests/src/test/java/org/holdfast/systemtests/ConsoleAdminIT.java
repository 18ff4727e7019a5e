package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages for administrators, in a real browser, at a real cluster. */
@Order(36)
class ConsoleAdminIT extends AtTheDesk {
    /** With what stands above each. */
    private static final List<Map.Entry<String, String>> PAGES = List.of(
            Map.entry("cluster", "Cluster"),
            Map.entry("nodes", "Nodes"),
            Map.entry("tasks/ended", "Tasks"),
            Map.entry("care", "Healing and scrubs"),
            Map.entry("users", "Users"),
            Map.entry("users/admin", "admin"),
            Map.entry("namespaces", "Namespaces"),
            Map.entry("namespaces/admin", "admin"),
            Map.entry("access/admin", "Access rights"),
            Map.entry("audit", "Audit log"),
            Map.entry("alarms", "Alarms"));

    private static final String ALARMS = """
            {"alarms":[{"code":"node-down","severity":"warning","subject":"sn2","since":"2026-01-01T00:00:00Z",
            "sentence":"It has not answered for 12 minutes. Look at its machine, or take it offline."},
            {"code":"dead-tasks","severity":"critical","subject":"3 tasks","since":"2026-01-02T00:00:00Z",
            "sentence":"They have been given up. Look why, and try them again."}]}
            """;

    private static final String DUE = "path LIKE 'admin/console-dead/%' AND state = 'QUEUED'"
            + " AND target_node_id = (SELECT id FROM storage_node WHERE name = 'sn2')";

    ConsoleAdminIT(TestCluster cluster) {
        super(cluster);
    }

    @AfterAll
    void heal() {
        cluster.heal();
    }

    /** A file with all its copies. */
    private void safe(String name) {
        put(name, Bytes.random(1_000, 36), "text/plain");
        Copies.awaitAll(cluster, "admin/" + name);
    }

    @Test
    void theClusterIsSafeAndEachNodeHasItsPlots() {
        safe("console-admin/one.txt");
        Visitor visitor = admin("admin");
        assertThat(visitor.page().locator(".verdict")).containsText("Safe: every file has all its copies.");
        assertThat(visitor.text("3 of 3")).isVisible();

        room(visitor, "Nodes").click();
        assertThat(visitor.heading("sn3")).isVisible();
        for (String plot : List.of("Used", "Available", "Mean")) {
            assertThat(node(visitor, "sn1")
                            .getByRole(
                                    AriaRole.IMG,
                                    new Locator.GetByRoleOptions().setName(Pattern.compile(plot + " of sn1: now .*"))))
                    .isVisible();
        }
        Instant nearlyAYearAgo = Instant.now().minus(Duration.ofDays(360));
        visitor.page()
                .waitForRequest(
                        request ->
                                begin(request).filter(nearlyAYearAgo::isAfter).isPresent(),
                        () -> visitor.text("1 year").click());
        Locator plots = node(visitor, "sn1").locator("hf-plot svg");
        assertThat(plots.first()).isVisible();
        Locator line = plots.first().locator("path[stroke='var(--accent)']");
        assertThat(line).hasCount(1);
        assertThat(line).hasCSS("stroke", "rgb(13, 106, 88)");
        visitor.button("Switch between light and dark").click();
        assertThat(line).hasCSS("stroke", "rgb(92, 201, 176)");
        Locator pointed = plots.first().locator("text", new Locator.LocatorOptions().setHasText("Used"));
        assertThat(pointed).hasCount(0);
        plots.first().hover();
        assertThat(pointed).isVisible();
    }

    /** Of the samples that a page asks for. */
    private static Optional<Instant> begin(Request request) {
        Matcher from = Pattern.compile("/samples\\?from=(.*)").matcher(request.url());
        return from.find() ? Optional.of(Instant.parse(URLDecoder.decode(from.group(1), UTF_8))) : Optional.empty();
    }

    @Tag("slow")
    @Test
    void aNodeThatIsKilledIsSeenDownAndWhatWasGivenUpForItIsTriedAgainOrDismissed() {
        Visitor visitor = admin("admin/nodes");
        assertThat(node(visitor, "sn2")).containsText("running");
        http.post(cluster.api("tasks/pause?kind=replicate&reason=test"), "").expect(200);
        twoCopiesAreDue();
        // The next attempt is the last one: nobody wants to wait for ten.
        var unused = cluster.sql("UPDATE task SET attempt = 10 WHERE " + DUE);

        cluster.kill("sn2");
        http.post(cluster.api("tasks/resume?kind=replicate"), "").expect(200);
        assertThat(node(visitor, "sn2")).containsText("down");

        visitor.go("admin/tasks/dead");
        Locator dead = visitor.row("admin/console-dead/");
        assertThat(dead).hasCount(2);
        assertThat(dead.first()).containsText("attempts exhausted (10)");
        // It tells the worst: that sn2 is down, or that files which began there have no copy to be read.
        Locator banner = visitor.page().locator("hf-alarms-banner a");
        assertThat(banner).isVisible();
        banner.click();
        assertThat(entry(visitor, "2 tasks were given up.")).isVisible();
        entry(visitor, "2 tasks were given up.").getByRole(AriaRole.LINK).click();
        assertThat(dead).hasCount(2);

        cluster.node("start", "sn2");
        cluster.awaitAllNodesRunning();
        dead.first().getByRole(AriaRole.LINK).click();
        assertThat(visitor.dialog()).containsText("10 · refused_target");
        agree(visitor, "Try again");
        assertThat(visitor.messages()).containsText("is tried again");
        assertThat(visitor.dialog()).containsText("done");
        visitor.press("Escape");
        assertThat(dead).hasCount(1);

        dead.getByRole(AriaRole.CHECKBOX).check();
        visitor.button("Dismiss").first().click();
        assertThat(visitor.dialog()).containsText("not listed as dead any more");
        agree(visitor, "Dismiss");
        assertThat(dead).hasCount(0);
        // Its file lacks a copy for ever now.
        http.delete(URI.create(cluster.api("folders", "admin/console-dead") + "?recursive=true"))
                .expect(204);
        visitor.go("admin/nodes");
        assertThat(node(visitor, "sn2").locator("header")).containsText("running");
        assertThat(http.get(cluster.api("nodes/sn2/checks")).expect(200).text()).contains("\"return\"");
    }

    /** Puts files, which begin at nodes of chance, until two copies wait to be made at sn2. */
    private void twoCopiesAreDue() {
        var stored = new StoredFiles(cluster);
        for (int number = 1;
                stored.one("SELECT COUNT(*) < 2 FROM task WHERE " + DUE).equals("1");
                number++) {
            put("console-dead/" + number, Bytes.random(1_000, number), "text/plain");
        }
    }

    @Test
    void aNodeGoesOfflineAndComesBackOnlyAfterItWasToldWhatThatMeans() {
        safe("console-admin/two.txt");
        Visitor visitor = admin("admin/nodes");
        visitor.button("Take offline sn3").click();
        assertThat(visitor.dialog()).containsText("Nothing is read from it");
        assertThat(visitor.dialog()).containsText("have fewer copies than wanted then");
        agree(visitor, "Cancel");
        assertThat(cluster.nodeStates()).containsEntry("sn3", "running");

        visitor.button("Take offline sn3").click();
        agree(visitor, "Take offline");
        assertThat(visitor.button("Remove sn3")).isVisible();
        visitor.button("Remove sn3").click();
        assertThat(visitor.dialog()).containsText("that disk is never taken back");
        agree(visitor, "Cancel");

        visitor.button("Put in service sn3").click();
        cluster.awaitAllNodesRunning();
        assertThat(visitor.button("Drain sn3")).isVisible();
    }

    @Tag("slow")
    @Test
    void aNodeIsDrainedAndThatIsTakenBack() {
        safe("console-admin/drained.txt");
        Visitor visitor = admin("admin/nodes");
        visitor.button("Drain sn3").click();
        agree(visitor, "Drain");
        assertThat(node(visitor, "sn3")).containsText("copies are still to go");

        visitor.button("Put in service sn3").click();
        assertThat(visitor.button("Drain sn3")).isVisible();
        Copies.awaitAll(cluster, "admin/console-admin/drained.txt");
    }

    @Tag("slow")
    @Test
    void aNodeIsVerifiedAndTheScrubIsListed() {
        safe("console-admin/three.txt");
        Visitor visitor = admin("admin/nodes");
        visitor.button("Verify sn1").click();
        assertThat(visitor.dialog()).containsText("goes into quarantine");
        agree(visitor, "Verify");

        room(visitor, "Healing and scrubs").click();
        Locator scrub = entry(visitor, "On demand · sn1").first();
        assertThat(scrub).containsText("passed");
        scrub.getByRole(AriaRole.BUTTON).click();
        assertThat(visitor.dialog()).containsText("What was wrong");
        visitor.press("Escape");
        visitor.button("Preview").click();
        assertThat(visitor.text("Nothing to move")).isVisible();
    }

    @Test
    void tasksArePausedWaitAreCancelledAndGoOn() {
        Visitor visitor = admin("admin/tasks");
        visitor.button("Pause…").click();
        field(visitor, "Kind").selectOption("replicate");
        field(visitor, "Reason").fill("the line is slow");
        agree(visitor, "Pause");
        assertThat(visitor.text("the line is slow")).isVisible();

        visitor.textbox("File or folder").fill("admin/console-admin");
        visitor.press("Enter");
        put("console-admin/paused.txt", Bytes.random(1_000, 37), "text/plain");
        Locator waiting = visitor.row("console-admin/paused.txt");
        assertThat(waiting).hasCount(2);
        waiting.first().getByRole(AriaRole.CHECKBOX).check();
        visitor.button("Cancel task").click();
        assertThat(visitor.dialog()).containsText("gets a new task after half a minute");
        agree(visitor, "Cancel task");
        assertThat(waiting).hasCount(1);

        visitor.button("Resume").click();
        assertThat(waiting).hasCount(0);
        Copies.awaitAll(cluster, "admin/console-admin/paused.txt");
    }

    private static void answer(Route route, String json) {
        route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(json));
    }

    @Test
    void anAccountIsMadeInvitedChangedSuspendedAndDeleted() {
        Visitor visitor = admin("admin/users");
        visitor.button("New user").click();
        field(visitor, "Name").fill("Not a name!");
        agree(visitor, "Create");
        assertThat(visitor.dialog().getByRole(AriaRole.ALERT)).not().isEmpty();
        field(visitor, "Name").fill("nora");
        field(visitor, "Full name").fill("Nora N.");
        field(visitor, "Most bytes").fill("2 GB");
        agree(visitor, "Create");
        Locator link = visitor.dialog().getByLabel("Copy it now");
        assertThat(link).hasValue(Pattern.compile(".*/password-links/.*"));
        Http.anonymous()
                .post(
                        URI.create(link.inputValue()),
                        Http.json(Map.of("password", PASSWORD)),
                        "Content-Type",
                        "application/json")
                .expect(204);
        agree(visitor, "Close");
        Http nora = Http.signedInAs("nora", PASSWORD);
        nora.put(cluster.api("files", "nora/kelp.txt"), "Hello, kelp.".getBytes(UTF_8))
                .expect(201);

        visitor.page().getByLabel("Find by name").fill("NORA");
        visitor.open("nora");
        assertThat(visitor.heading("nora")).isVisible();
        assertThat(visitor.row("nora/kelp.txt")).isVisible();
        visitor.page().reload();
        assertThat(visitor.row("nora/kelp.txt")).isVisible();
        assertThat(visitor.text("12 B of 2.00 GB")).isVisible();
        visitor.button("Edit").click();
        field(visitor, "Valid until").fill("2031-12-31T12:00");
        agree(visitor, "Save");
        await().untilAsserted(() -> {
            JsonObject account = one("users/nora", "users");
            assertThat(account.getString("validUntil")).startsWith("2031-12-31");
            assertThat(account.getJsonNumber("quotaBytes").longValue()).isEqualTo(2_000_000_000L);
            assertThat(account.getString("displayName")).isEqualTo("Nora N.");
        });

        visitor.button("Suspend").click();
        assertThat(visitor.dialog()).containsText("within two seconds");
        agree(visitor, "Suspend");
        await().untilAsserted(() -> nora.get(cluster.api("namespaces")).expect(403));
        assertThat(visitor.button("Let in again")).isVisible();

        visitor.button("Delete").click();
        assertThat(visitor.dialog()).containsText("1 namespace with 1 file (12 B)");
        field(visitor, "What shall become of that?").selectOption("delete");
        agree(visitor, "Delete");
        assertThat(visitor.heading("Users")).isVisible();
        visitor.page().getByLabel("Find by name").fill("nora");
        assertThat(visitor.text("0 users")).isVisible();
        http.get(cluster.api("users/nora")).expect(404);
    }

    @Test
    void aNamespaceIsMadeChangedAndShared() {
        person("nils", "");
        Visitor visitor = admin("admin/namespaces");
        visitor.button("New namespace").click();
        field(visitor, "Name").fill("console-team");
        field(visitor, "Replicas").fill("1");
        agree(visitor, "Create");
        visitor.page().getByLabel("Find by name").fill("console");
        visitor.open("console-team");
        visitor.button("Edit").click();
        field(visitor, "Versions kept").fill("4");
        agree(visitor, "Save");
        await().untilAsserted(() -> {
            JsonObject namespace = one("namespaces/console-team", "namespaces");
            assertThat(namespace.getInt("versionsKept")).isEqualTo(4);
            assertThat(namespace.getInt("replicas")).isEqualTo(1);
        });

        visitor.button("Members").click();
        field(visitor, "User").fill("nils");
        visitor.dialog().getByLabel("Role").selectOption("editor");
        agree(visitor, "Give access");
        assertThat(visitor.dialog()).containsText("nils");
        agree(visitor, "Close");
        assertThat(entry(visitor, "nils")).containsText("Editor");

        http.put(cluster.api("files", "console-team/plan.txt"), new byte[1]).expect(201);
        visitor.go("admin/access/console-team");
        assertThat(visitor.heading("Access rights")).isVisible();
        assertThat(entry(visitor, "nils")).containsText("Editor");
        entry(visitor, "plan.txt").getByRole(AriaRole.LINK).click();
        assertThat(visitor.heading("Share plan.txt")).isVisible();
        assertThat(entry(visitor, "nils")).containsText("by console-team");
    }

    @Test
    void theAuditLogIsFilteredAndSaved() throws IOException {
        Http.signedInAs("nobody-of-that-name", "wrong")
                .get(cluster.api("namespaces"))
                .expect(401);
        Visitor visitor = admin("admin/audit");
        visitor.page().getByLabel("Outcome").selectOption("refused");
        visitor.textbox("User").fill("nobody-of-that-name");
        visitor.press("Enter");
        assertThat(visitor.row("nobody-of-that-name").first()).containsText("401");
        assertThat(visitor.grid()).not().containsText("307");

        // More than the API's largest page has.
        var unused = cluster.sql("INSERT INTO audit_log (record, at, component, actor, via, address, action, object,"
                + " status, millis) SELECT LPAD(seq, 26, 'C'), UTC_TIMESTAMP(6), 'm1', 'nobody-of-that-name', 'PASSWORD',"
                + " '127.0.0.1', 'folders.list', 'a, \"quoted\" name', 401, 1"
                + " FROM seq_1_to_5500");
        Download saved = visitor.page()
                .waitForDownload(() -> visitor.button("Save as CSV").click());
        String text = Files.readString(saved.path());
        assertThat(text).startsWith("id,at,component,actor");
        assertThat(Pattern.compile("(?m)^([0-9]+),[^,]+,m1,nobody-of-that-name,")
                        .matcher(text)
                        .results())
                .extracting(line -> Long.parseLong(line.group(1)))
                .hasSizeGreaterThan(5500)
                .hasSize((int) text.lines().count() - 1)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void alarmsStandAboveEachPage() {
        Visitor visitor = Visitor.at(cluster.url(), browser());
        Page page = visitor.page();
        page.route("**/api/v1/alarms", route -> answer(route, ALARMS));
        visitor.signIn("admin", cluster.password());
        Locator banner = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("They have been given up"));
        assertThat(banner).isVisible();
        banner.click();
        Locator alarms = page.getByRole(AriaRole.LISTITEM);
        assertThat(alarms).hasCount(2);
        assertThat(alarms.first()).containsText("critical");
        alarms.last().getByRole(AriaRole.LINK).click();
        assertThat(visitor.heading("sn1")).isVisible();
    }

    @Test
    void aHintOfTheServerIsFollowedAtOnce() {
        Visitor visitor = Visitor.at(cluster.url(), browser());
        Page page = visitor.page();
        page.addInitScript("""
                const plain = window.fetch;
                window.fetch = (url, init) => url !== '/api/v1/stream' ? plain(url, init) : Promise.resolve(new Response(
                  new ReadableStream({start: to => { window.tell = topic =>
                    to.enqueue(new TextEncoder().encode(`event: ${topic}\\ndata: {}\\n\\n`)); }}),
                  {headers: {'Content-Type': 'text/event-stream'}}));
                """);
        page.reload();
        visitor.signIn("admin", cluster.password()).go("admin/nodes");
        assertThat(visitor.heading("sn1")).isVisible();
        // By chance the poll may come just then; not four times.
        for (int hint = 0; hint < 4; hint++) {
            page.waitForRequest(
                    Pattern.compile("/api/v1/nodes$"),
                    new Page.WaitForRequestOptions().setTimeout((double) Patience.SOON.toMillis()),
                    () -> page.evaluate("window.tell('nodes')"));
        }
    }

    @Tag("slow")
    @Test
    void aDialogIsReachedAnsweredAndLeftByKeys() {
        Visitor visitor = admin("admin/nodes");
        visitor.tabTo(visitor.button("Drain sn1"));
        visitor.press("Enter");
        assertThat(visitor.dialog()).containsText("still serves what it has");
        visitor.press("Escape");
        assertThat(visitor.dialog()).hasCount(0);
        assertThat(visitor.button("Drain sn1")).isFocused();
        assertThat(one("nodes/sn1", "nodes").getString("adminState")).isEqualTo("in_service");

        visitor.tabBackTo(room(visitor, "Users"));
        visitor.press("Enter");
        assertThat(visitor.row("admin").first()).isVisible();
        visitor.tabTo(visitor.grid());
        visitor.page().keyboard().type("admin");
        visitor.press("Enter");
        assertThat(visitor.heading("admin")).isVisible();
    }

    @Tag("slow")
    @Test
    void allOfEachPageIsReachedByKeys() {
        Visitor visitor = admin("admin");
        PAGES.forEach(page -> {
            visitor.go("admin/" + page.getKey());
            assertThat(visitor.page().locator(".room h1")).hasText(page.getValue());
            assertThat(visitor.page().getByText("Loading…")).hasCount(0);
            assertThat(visitor.beyondTheKeys()).as(page.getKey()).isEmpty();
        });
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"1440, 900, LIGHT", "1440, 900, DARK", "390, 844, LIGHT", "390, 844, DARK"})
    void eachPageIsPicturedFitsAndStandsInNobodysWay(int width, int height, ColorScheme look) {
        safe("console-admin/picture.txt");
        Visitor visitor = Visitor.at(cluster.url(), browser(), width, height, look);
        visitor.page().route("**/api/v1/alarms", route -> answer(route, ALARMS));
        visitor.signIn("admin", cluster.password());
        PAGES.forEach(page -> {
            String place = page.getKey();
            visitor.go("admin/" + place);
            assertThat(visitor.page().locator(".room h1")).hasText(page.getValue());
            assertThat(visitor.page().getByText("Loading…")).hasCount(0);
            if (place.equals("nodes")) {
                assertThat(visitor.page().locator(".plot svg").last()).isVisible();
            }
            String picture =
                    place.replace('/', '-') + "-" + width + "-" + look.name().toLowerCase(Locale.ROOT);
            visitor.picture("admin-" + picture);
            assertThat(visitor.reachesBeyondTheSides()).as(picture).isFalse();
            assertThat(visitor.barriers()).as(picture).isEmpty();
        });
    }
}
