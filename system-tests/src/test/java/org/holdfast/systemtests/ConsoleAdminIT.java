package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages for administrators, in a real browser, at a real cluster. */
@Order(36)
class ConsoleAdminIT extends AtTheConsole {
    private static final Duration SOON = Duration.ofSeconds(60);

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

    private static final String DEAD = """
            {"id":"01M7XJ83T4D5Z2G4ZB6C8S3Z73","kind":"replicate","state":"dead","urgency":"normal",
            "path":"admin/lost.txt","attempt":10,"createdAt":"2026-01-01T00:00:00Z","changedAt":"2026-01-01T00:00:00Z",
            "notBefore":"2026-01-01T00:00:00Z","source":"sn1","target":"sn2","reason":"target sn2: the disk is full"}
            """;

    private static final String HEALING = """
            {"masters":["one"],"cluster":[{"files":10,"bytes":10000000,"copiesWanted":30,"copiesVerified":27,
            "copiesGood":27,"copiesMissing":3,"missingBytes":3000000,"underReplicated":3,"endangered":0,"unreadable":0,
            "healCopiesPerSecond":0.01,"healBytesPerSecond":500000,"healEtaSeconds":360,
            "countedAt":"2026-01-01T00:00:00Z","nodesRunning":3,"nodes":3}]}
            """;

    ConsoleAdminIT(TestCluster cluster) {
        super(cluster);
    }

    @AfterAll
    void heal() {
        cluster.heal();
    }

    private static Locator node(Visitor visitor, String name) {
        return visitor.page()
                .getByRole(
                        AriaRole.ARTICLE,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator room(Visitor visitor, String name) {
        return visitor.page()
                .getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Administration"))
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator entry(Visitor visitor, String text) {
        return visitor.page().getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText(text));
    }

    /** The button of the dialog that is open; one of the same name may be behind it. */
    private static void agree(Visitor visitor, String name) {
        visitor.dialog()
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    private static Locator field(Visitor visitor, String name) {
        return visitor.dialog().getByLabel(name, new Locator.GetByLabelOptions().setExact(true));
    }

    private static void within(Duration limit, Locator found, String text) {
        assertThat(found)
                .containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout((double) limit.toMillis()));
    }

    private static void isSoonThere(Locator found) {
        assertThat(found).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout((double) SOON.toMillis()));
    }

    private static void awaitCount(Locator found, int count) {
        assertThat(found).hasCount(count, new LocatorAssertions.HasCountOptions().setTimeout((double) SOON.toMillis()));
    }

    /** A file with all its copies. */
    private void safe(String name) {
        put(name, Bytes.random(1_000, 36), "text/plain");
        Copies.awaitAll(cluster, "admin/" + name);
    }

    private JsonObject one(String path, String list) {
        return http.get(cluster.api(path)).expect(200).json().getJsonArray(list).getJsonObject(0);
    }

    @Test
    void theClusterIsSafeAndEachNodeHasItsPlots() {
        safe("console-admin/one.txt");
        Visitor visitor = admin("admin");
        within(SOON, visitor.page().locator(".verdict"), "Safe: every file has all its copies.");
        assertThat(visitor.text("3 of 3")).isVisible();

        room(visitor, "Nodes").click();
        assertThat(visitor.heading("sn3")).isVisible();
        for (String plot : List.of("Used", "Available", "Mean")) {
            isSoonThere(node(visitor, "sn1")
                    .getByRole(
                            AriaRole.IMG,
                            new Locator.GetByRoleOptions().setName(Pattern.compile(plot + " of sn1: now .*"))));
        }
        Instant nearlyAYearAgo = Instant.now().minus(Duration.ofDays(360));
        visitor.page()
                .waitForRequest(
                        request ->
                                begin(request).filter(nearlyAYearAgo::isAfter).isPresent(),
                        () -> visitor.text("1 year").click());
    }

    /** Of the samples that a page asks for. */
    private static Optional<Instant> begin(Request request) {
        Matcher from = Pattern.compile("/samples\\?from=(.*)").matcher(request.url());
        return from.find() ? Optional.of(Instant.parse(URLDecoder.decode(from.group(1), UTF_8))) : Optional.empty();
    }

    @Test
    void aNodeThatIsKilledIsSeenDownAndProvesItselfWhenItComesBack() {
        Visitor visitor = admin("admin/nodes");
        assertThat(node(visitor, "sn2")).containsText("running");

        cluster.kill("sn2");
        within(SOON, node(visitor, "sn2"), "down");

        cluster.node("start", "sn2");
        within(Duration.ofMinutes(2), node(visitor, "sn2").locator("header"), "running");
        assertThat(http.get(cluster.api("nodes/sn2/checks")).expect(200).text()).contains("\"return\"");
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
        isSoonThere(visitor.button("Remove sn3"));
        visitor.button("Remove sn3").click();
        assertThat(visitor.dialog()).containsText("that disk is never taken back");
        agree(visitor, "Cancel");

        visitor.button("Put in service sn3").click();
        cluster.awaitAllNodesRunning(Duration.ofMinutes(2));
        isSoonThere(visitor.button("Drain sn3"));
    }

    @Test
    void aNodeIsDrainedAndThatIsTakenBack() {
        safe("console-admin/drained.txt");
        Visitor visitor = admin("admin/nodes");
        visitor.button("Drain sn3").click();
        agree(visitor, "Drain");
        within(SOON, node(visitor, "sn3"), "copies are still to go");

        visitor.button("Put in service sn3").click();
        isSoonThere(visitor.button("Drain sn3"));
        Copies.awaitAll(cluster, "admin/console-admin/drained.txt", Duration.ofMinutes(2));
    }

    @Test
    void whatIsMissingIsToldWithTheTimeThatItTakes() {
        Visitor visitor = admin("files");
        visitor.page().route("**/api/v1/cluster", route -> answer(route, HEALING));
        visitor.go("admin/cluster");
        assertThat(visitor.text("No file is in danger, but 3 copies are missing."))
                .isVisible();
        assertThat(visitor.text("whole again in 6 min")).isVisible();

        room(visitor, "Healing and scrubs").click();
        Locator healing = visitor.page()
                .getByRole(
                        AriaRole.REGION,
                        new Page.GetByRoleOptions().setName("Healing").setExact(true));
        assertThat(healing).containsText("3 missing (3.00 MB)");
        assertThat(healing).containsText("90 %");
        assertThat(healing).containsText("about 6 min left");
    }

    @Test
    void aNodeIsVerifiedAndTheScrubIsListed() {
        safe("console-admin/three.txt");
        Visitor visitor = admin("admin/nodes");
        visitor.button("Verify sn1").click();
        assertThat(visitor.dialog()).containsText("goes into quarantine");
        agree(visitor, "Verify");

        room(visitor, "Healing and scrubs").click();
        Locator scrub = entry(visitor, "On demand · sn1").first();
        within(SOON, scrub, "passed");
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
        awaitCount(waiting, 2);
        waiting.first().getByRole(AriaRole.CHECKBOX).check();
        visitor.button("Cancel task").click();
        assertThat(visitor.dialog()).containsText("gets a new task after half a minute");
        agree(visitor, "Cancel task");
        awaitCount(waiting, 1);

        visitor.button("Resume").click();
        awaitCount(waiting, 0);
        Copies.awaitAll(cluster, "admin/console-admin/paused.txt", Duration.ofMinutes(2));
    }

    @Test
    void deadTasksSayWhyAndAreTriedAgain() {
        Visitor visitor = admin("admin/tasks");
        Page page = visitor.page();
        page.route(
                Pattern.compile("/api/v1/tasks\\?.*state=dead"), route -> answer(route, "{\"tasks\":[" + DEAD + "]}"));
        page.route(
                Pattern.compile("/api/v1/tasks/01M7[^/]*$"),
                route -> answer(route, DEAD.strip().replaceFirst("}$", ",\"attempts\":[]}")));
        page.route(Pattern.compile("/api/v1/tasks/01M7.*/retry$"), route -> answer(route, DEAD));
        page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("Dead").setExact(true))
                .click();
        assertThat(visitor.row("admin/lost.txt")).containsText("the disk is full");
        visitor.open("admin/lost.txt");
        assertThat(visitor.dialog()).containsText("sn1 → sn2");

        Request retried = page.waitForRequest(Pattern.compile("/retry$"), () -> agree(visitor, "Try again"));
        assertThat(retried.method()).isEqualTo("POST");
        assertThat(visitor.messages()).containsText("is tried again");
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

        Download saved = visitor.page()
                .waitForDownload(() -> visitor.button("Save as CSV").click());
        List<String> lines = Files.readAllLines(saved.path());
        assertThat(lines.get(0)).startsWith("id,at,component,actor");
        assertThat(lines.subList(1, lines.size()))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains(",nobody-of-that-name,"));
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
                    new Page.WaitForRequestOptions().setTimeout(5_000),
                    () -> page.evaluate("window.tell('nodes')"));
        }
    }

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
                isSoonThere(visitor.page().locator(".plot").first());
            }
            String picture =
                    place.replace('/', '-') + "-" + width + "-" + look.name().toLowerCase(Locale.ROOT);
            visitor.picture("admin-" + picture);
            assertThat(visitor.reachesBeyondTheSides()).as(picture).isFalse();
            assertThat(visitor.barriers()).as(picture).isEmpty();
        });
    }
}
