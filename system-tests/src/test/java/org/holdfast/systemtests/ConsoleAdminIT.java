package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The pages for administrators, in a real browser, at a real cluster. */
@Order(36)
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleAdminIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Path PICTURES = TestCluster.SCRATCH.resolveSibling("console-pictures");
    private static final List<String> SEVERE = List.of("serious", "critical");

    private static final List<String> PAGES = List.of(
            "cluster",
            "nodes",
            "tasks/ended",
            "care",
            "users",
            "users/admin",
            "namespaces",
            "namespaces/admin",
            "access/admin",
            "audit",
            "alarms");

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

    private final TestCluster cluster;
    private final Http http;
    private @Nullable Browser browser;

    ConsoleAdminIT(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    @BeforeAll
    void start() {
        browser = Browser.start();
    }

    @AfterEach
    void thePolicyForbidsNothingThatThePagesDo() {
        assertThat(browser().complaints()).isEmpty();
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
        cluster.heal();
    }

    private Browser browser() {
        return Objects.requireNonNull(browser);
    }

    private Page open(String place) {
        return open(place, 1440, 900, ColorScheme.LIGHT);
    }

    private Page open(String place, int width, int height, ColorScheme look) {
        Page page = browser().open(width, height, look);
        enter(page, place);
        return page;
    }

    private void enter(Page page, String place) {
        go(page, place);
        page.getByLabel("User name or e-mail").fill("admin");
        page.getByLabel("Password").fill(cluster.password());
        button(page, "Sign in").click();
        assertThat(page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Main")))
                .isVisible();
    }

    private void go(Page page, String place) {
        page.navigate(cluster.url().resolve("/console/") + "#/" + place);
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator row(Page page, String name) {
        return page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName(name));
    }

    private static Locator heading(Page page, String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator dialog(Page page) {
        return page.getByRole(AriaRole.DIALOG);
    }

    /** The button of the dialog that is open; one of the same name may be behind it. */
    private static void agree(Page page, String name) {
        dialog(page)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    private static Locator field(Page page, String name) {
        return dialog(page).getByLabel(name, new Locator.GetByLabelOptions().setExact(true));
    }

    private static Locator node(Page page, String name) {
        return page.getByRole(
                AriaRole.ARTICLE, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static void within(Duration limit, Locator found, String text) {
        assertThat(found)
                .containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(limit.toMillis()));
    }

    private URI put(String name, int bytes) {
        URI file = cluster.api("files", "admin/" + name);
        http.put(file, Bytes.random(bytes, 36)).expect(201);
        return file;
    }

    @Test
    void theClusterIsSafeAndEachNodeHasItsPlots() {
        Copies.awaitAll(cluster, admin(put("console-admin/one.txt", 1_000)));
        Page page = open("admin");
        within(SOON, page.locator(".verdict"), "Safe: every file has all its copies.");
        assertThat(page.getByText("3 of 3").first()).isVisible();

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Nodes").setExact(true))
                .click();
        assertThat(heading(page, "sn3")).isVisible();
        for (String plot : List.of("Used", "Available", "Mean")) {
            assertThat(node(page, "sn1")
                            .getByRole(
                                    AriaRole.IMG,
                                    new Locator.GetByRoleOptions().setName(Pattern.compile(plot + " of sn1: now .*"))))
                    .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(SOON.toMillis()));
        }
        Request year = page.waitForRequest(
                Pattern.compile("/nodes/sn1/samples\\?"), () -> page.getByText("1 year").click());
        assertThat(year.url()).doesNotContain("from=2026");
    }

    private static String admin(URI file) {
        return file.getPath().substring("/api/v1/files/".length());
    }

    @Test
    void aNodeThatIsKilledIsSeenDownAndProvesItselfWhenItComesBack() {
        Page page = open("admin/nodes");
        assertThat(node(page, "sn2")).containsText("running");

        cluster.kill("sn2");
        within(SOON, node(page, "sn2"), "down");

        cluster.node("start", "sn2");
        within(Duration.ofMinutes(2), node(page, "sn2").locator("header"), "running");
        assertThat(http.get(cluster.api("nodes/sn2/checks")).expect(200).text()).contains("\"return\"");
    }

    @Test
    void aNodeGoesOfflineAndComesBackOnlyAfterItWasToldWhatThatMeans() {
        Copies.awaitAll(cluster, admin(put("console-admin/two.txt", 1_000)));
        Page page = open("admin/nodes");
        button(page, "Take offline sn3").click();
        assertThat(dialog(page)).containsText("Nothing is read from it");
        assertThat(dialog(page)).containsText("have fewer copies than wanted then");
        agree(page, "Cancel");
        assertThat(cluster.nodeStates()).containsEntry("sn3", "running");

        button(page, "Take offline sn3").click();
        agree(page, "Take offline");
        within(SOON, node(page, "sn3"), "offline");
        assertThat(button(page, "Remove sn3")).isVisible();

        button(page, "Put in service sn3").click();
        cluster.awaitAllNodesRunning(Duration.ofMinutes(2));
        assertThat(button(page, "Drain sn3"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(SOON.toMillis()));
    }

    @Test
    void aNodeIsVerifiedAndTheScrubIsListed() {
        put("console-admin/three.txt", 1_000);
        Page page = open("admin/nodes");
        button(page, "Verify sn1").click();
        assertThat(dialog(page)).containsText("goes into quarantine");
        agree(page, "Verify");

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Healing and scrubs"))
                .click();
        Locator scrub = page.getByRole(AriaRole.LISTITEM)
                .filter(new Locator.FilterOptions().setHasText("On demand · sn1"))
                .first();
        within(SOON, scrub, "passed");
        scrub.getByRole(AriaRole.BUTTON).click();
        assertThat(dialog(page)).containsText("What was wrong");

        page.keyboard().press("Escape");
        button(page, "Preview").click();
        assertThat(page.getByText("Nothing to move")).isVisible();
    }

    @Test
    void tasksArePausedWaitAreCancelledAndGoOn() {
        Page page = open("admin/tasks");
        button(page, "Pause…").click();
        field(page, "Kind").selectOption("replicate");
        field(page, "Reason").fill("the line is slow");
        agree(page, "Pause");
        assertThat(page.getByText("the line is slow")).isVisible();

        put("console-admin/paused.txt", 1_000);
        Locator waiting = row(page, "console-admin/paused.txt");
        assertThat(waiting).hasCount(2);
        waiting.first().getByRole(AriaRole.CHECKBOX).check();
        button(page, "Cancel task").click();
        assertThat(dialog(page)).containsText("gets a new task after half a minute");
        agree(page, "Cancel task");
        assertThat(waiting).hasCount(1);

        button(page, "Resume").click();
        assertThat(waiting)
                .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(SOON.toMillis()));
        Copies.awaitAll(cluster, "admin/console-admin/paused.txt", Duration.ofMinutes(2));
    }

    @Test
    void deadTasksSayWhyAndAreTriedAgain() {
        Page page = open("admin/tasks");
        page.route(Pattern.compile("/api/v1/tasks\\?.*state=dead"), route -> answer(route, "{\"tasks\":[" + DEAD + "]}"));
        page.route(
                Pattern.compile("/api/v1/tasks/01M7[^/]*$"),
                route -> answer(route, DEAD.strip().replaceFirst("}$", ",\"attempts\":[]}")));
        page.route(Pattern.compile("/api/v1/tasks/01M7.*/retry$"), route -> answer(route, DEAD));
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Dead")).click();
        assertThat(row(page, "admin/lost.txt")).containsText("the disk is full");
        row(page, "admin/lost.txt").getByRole(AriaRole.LINK).click();
        assertThat(dialog(page)).containsText("sn1 → sn2");

        Request retried = page.waitForRequest(Pattern.compile("/retry$"), () -> agree(page, "Try again"));
        assertThat(retried.method()).isEqualTo("POST");
        assertThat(page.getByText("is tried again")).isVisible();
    }

    private static void answer(Route route, String json) {
        route.fulfill(new Route.FulfillOptions().setContentType("application/json").setBody(json));
    }

    @Test
    void anAccountIsMadeInvitedChangedSuspendedAndDeleted() {
        Page page = open("admin/users");
        button(page, "New user").click();
        field(page, "Name").fill("Not a name!");
        agree(page, "Create");
        assertThat(dialog(page).getByRole(AriaRole.ALERT)).not().isEmpty();
        field(page, "Name").fill("nora");
        field(page, "Full name").fill("Nora N.");
        field(page, "Most bytes").fill("2 GB");
        agree(page, "Create");
        Locator link = dialog(page).getByLabel("Copy it now");
        assertThat(link).hasValue(Pattern.compile(".*/password-links/.*"));
        String password = "long and secret";
        Http.anonymous()
                .post(URI.create(link.inputValue()), "{\"password\":\"" + password + "\"}", "Content-Type", "application/json")
                .expect(204);
        agree(page, "Close");
        Http nora = Http.signedInAs("nora", password);
        nora.put(cluster.api("files", "nora/kelp.txt"), "Hello, kelp.".getBytes(UTF_8))
                .expect(201);

        row(page, "nora").getByRole(AriaRole.LINK).click();
        assertThat(heading(page, "nora")).isVisible();
        assertThat(row(page, "nora/kelp.txt")).isVisible();
        assertThat(page.getByText("12 B of 2.00 GB")).isVisible();
        button(page, "Edit").click();
        field(page, "Valid until").fill("2031-12-31T12:00");
        agree(page, "Save");
        await().untilAsserted(() -> assertThat(http.get(cluster.api("users/nora")).expect(200).json()
                        .getJsonArray("users").getJsonObject(0))
                .satisfies(account -> {
                    assertThat(account.getString("validUntil")).startsWith("2031-12-31");
                    assertThat(account.getJsonNumber("quotaBytes").longValue()).isEqualTo(2_000_000_000L);
                    assertThat(account.getString("displayName")).isEqualTo("Nora N.");
                }));

        button(page, "Suspend").click();
        assertThat(dialog(page)).containsText("within two seconds");
        agree(page, "Suspend");
        await().untilAsserted(() -> nora.get(cluster.api("namespaces")).expect(403));
        assertThat(button(page, "Let in again")).isVisible();

        button(page, "Delete").click();
        assertThat(dialog(page)).containsText("1 namespace with 1 file (12 B)");
        field(page, "What shall become of that?").selectOption("delete");
        agree(page, "Delete");
        assertThat(heading(page, "Users")).isVisible();
        assertThat(row(page, "nora")).hasCount(0);
        http.get(cluster.api("users/nora")).expect(404);
    }

    @Test
    void aNamespaceIsMadeChangedAndShared() {
        http.post(
                        cluster.api("users"),
                        "{\"name\":\"olga\",\"password\":\"long and secret\"}",
                        "Content-Type",
                        "application/json")
                .expect(201);
        Page page = open("admin/namespaces");
        button(page, "New namespace").click();
        field(page, "Name").fill("console-team");
        field(page, "Replicas").fill("1");
        agree(page, "Create");
        row(page, "console-team").getByRole(AriaRole.LINK).click();
        button(page, "Edit").click();
        field(page, "Versions kept").fill("4");
        agree(page, "Save");
        await().untilAsserted(() -> assertThat(
                        http.get(cluster.api("namespaces/console-team")).expect(200).json()
                                .getJsonArray("namespaces").getJsonObject(0))
                .satisfies(namespace -> {
                    assertThat(namespace.getInt("versionsKept")).isEqualTo(4);
                    assertThat(namespace.getInt("replicas")).isEqualTo(1);
                }));

        button(page, "Members").click();
        field(page, "User").fill("olga");
        dialog(page).getByLabel("Role").selectOption("editor");
        agree(page, "Give access");
        assertThat(dialog(page).getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("olga")))
                .isVisible();
        agree(page, "Close");
        assertThat(page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("olga")))
                .containsText("Editor");

        go(page, "admin/access/console-team");
        assertThat(page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("olga")))
                .containsText("Editor");
    }

    @Test
    void theAuditLogIsFilteredAndSaved() throws IOException {
        Http.signedInAs("nobody-of-that-name", "wrong").get(cluster.api("namespaces")).expect(401);
        Page page = open("admin/audit");
        page.getByLabel("Outcome").selectOption("refused");
        page.getByLabel("User", new Page.GetByLabelOptions().setExact(true)).fill("nobody-of-that-name");
        page.keyboard().press("Enter");
        assertThat(row(page, "nobody-of-that-name").first()).containsText("401");
        assertThat(page.getByRole(AriaRole.GRID)).not().containsText("307");

        Download saved = page.waitForDownload(() -> button(page, "Save as CSV").click());
        List<String> lines = Files.readAllLines(saved.path());
        assertThat(lines.get(0)).startsWith("id,at,component,actor");
        assertThat(lines.subList(1, lines.size())).isNotEmpty().allSatisfy(line -> assertThat(line)
                .contains(",nobody-of-that-name,"));
    }

    @Test
    void alarmsStandAboveEachPage() {
        Page page = browser().open(1440, 900, ColorScheme.LIGHT);
        page.route("**/api/v1/alarms", route -> answer(route, ALARMS));
        enter(page, "files");
        Locator banner = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("They have been given up"));
        assertThat(banner).isVisible();
        banner.click();
        Locator alarms = page.getByRole(AriaRole.LISTITEM);
        assertThat(alarms).hasCount(2);
        assertThat(alarms.first()).containsText("critical");
        alarms.last().getByRole(AriaRole.LINK).click();
        assertThat(heading(page, "sn1")).isVisible();

        page.unroute("**/api/v1/alarms");
        page.route("**/api/v1/alarms", route -> route.fulfill(new Route.FulfillOptions().setStatus(404)));
        page.reload();
        assertThat(heading(page, "sn1")).isVisible();
        assertThat(banner).hasCount(0);
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Alarms"))).hasCount(0);
    }

    @Test
    void aHintOfTheServerIsFollowedAtOnce() {
        Page page = browser().open(1440, 900, ColorScheme.LIGHT);
        page.addInitScript("""
                const plain = window.fetch;
                window.fetch = (url, init) => url !== '/api/v1/stream' ? plain(url, init) : Promise.resolve(new Response(
                  new ReadableStream({start: to => { window.tell = topic =>
                    to.enqueue(new TextEncoder().encode(`event: ${topic}\\ndata: {}\\n\\n`)); }}),
                  {headers: {'Content-Type': 'text/event-stream'}}));
                """);
        enter(page, "admin/nodes");
        assertThat(heading(page, "sn1")).isVisible();
        // By chance the poll may come just then; not four times.
        for (int hint = 0; hint < 4; hint++) {
            page.waitForRequest(
                    Pattern.compile("/api/v1/nodes$"),
                    new Page.WaitForRequestOptions().setTimeout(2_500),
                    () -> page.evaluate("window.tell('nodes')"));
        }
    }

    @Test
    void aDialogIsReachedAnsweredAndLeftByKeys() {
        Page page = open("admin/nodes");
        assertThat(button(page, "Drain sn1")).isVisible();
        tabTo(page, "Drain sn1");
        page.keyboard().press("Enter");
        assertThat(dialog(page)).containsText("still serves what it has");
        page.keyboard().press("Escape");
        assertThat(dialog(page)).hasCount(0);
        assertThat(button(page, "Drain sn1")).isFocused();
        assertThat(cluster.nodeStates()).containsEntry("sn1", "running");

        go(page, "admin/users");
        Locator grid = page.getByRole(AriaRole.GRID);
        assertThat(row(page, "admin").first()).isVisible();
        tabTo(page, "Users");
        for (int step = 0; step < 30 && !(boolean) grid.evaluate("grid => grid === document.activeElement"); step++) {
            page.keyboard().press("Tab");
        }
        page.keyboard().type("admin");
        page.keyboard().press("Enter");
        assertThat(heading(page, "admin")).isVisible();
    }

    private static void tabTo(Page page, String name) {
        for (int step = 0; step < 80; step++) {
            page.keyboard().press("Tab");
            if (page.evaluate("(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText).trim()")
                    .equals(name)) {
                return;
            }
        }
        throw new AssertionError("Tab does not lead to " + name);
    }

    @Test
    void eachPageIsPicturedFitsAndHasNoSeriousFindingOfAxe() throws IOException {
        put("console-admin/picture.txt", 50_000);
        Files.createDirectories(PICTURES);
        String axe = resource("/axe.min.js");
        for (int width : List.of(1440, 390)) {
            for (ColorScheme look : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                Page page = browser().open(width, width == 390 ? 844 : 900, look);
                page.route("**/api/v1/alarms", route -> answer(route, ALARMS));
                enter(page, "admin");
                page.evaluate(axe);
                PAGES.forEach(place -> picture(page, place, width, look));
                page.context().close();
            }
        }
    }

    private void picture(Page page, String place, int width, ColorScheme look) {
        go(page, "admin/" + place);
        assertThat(page.locator(".room h1")).isVisible();
        assertThat(page.getByText("Loading…")).hasCount(0);
        if (place.equals("nodes")) {
            assertThat(page.locator(".plot").first()).isVisible();
        }
        String all = place.replace('/', '-') + "-" + width + "-" + look.name().toLowerCase(Locale.ROOT);
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(all + ".png")));
        assertThat(page.evaluate("document.documentElement.scrollWidth")).as(all).isEqualTo(width);
        assertThat(page.evaluate("document.querySelector('.room').scrollWidth - document.querySelector('.room').clientWidth"))
                .as(all)
                .isEqualTo(0);
        assertThat(page.evaluate(
                        "levels => axe.run().then(found => found.violations.filter(one => levels.includes(one.impact))"
                                + ".map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' ')))",
                        SEVERE))
                .as(all)
                .isEqualTo(List.of());
    }

    private static String resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(ConsoleAdminIT.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
