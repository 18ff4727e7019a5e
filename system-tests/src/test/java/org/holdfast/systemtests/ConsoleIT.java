package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The web console in a real browser, at a real cluster. */
@Order(12)
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {
    private static final int MANY = 100_000;
    /** Rows that a window shows, and those beside them: whatever the folder's size. */
    private static final int MOST_ROWS = 80;

    private final TestCluster cluster;
    private final Http http;
    private @Nullable Browser browser;

    ConsoleIT(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    @BeforeAll
    void start() {
        browser = Browser.start();
    }

    @AfterEach
    void thePolicyForbidsNothingThatThePageDoes() {
        assertThat(browser().complaints()).isEmpty();
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private Browser browser() {
        return java.util.Objects.requireNonNull(browser);
    }

    private Page open(String place) {
        return open(place, 1440, 900, ColorScheme.LIGHT);
    }

    private Page open(String place, int width, int height, ColorScheme look) {
        Page page = browser().open(width, height, look);
        page.navigate(cluster.url().resolve("/console/") + "#/" + place);
        page.getByLabel("User name or e-mail").fill("admin");
        page.getByLabel("Password").fill(cluster.password());
        button(page, "Sign in").click();
        assertThat(page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Main")))
                .isVisible();
        return page;
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator textbox(Page page, String name) {
        return page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName(name));
    }

    private static Locator row(Page page, String name) {
        return page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName(name));
    }

    private static void upload(Page page, String name, String text) {
        page.locator("input[type=file]:not([webkitdirectory])")
                .setInputFiles(new FilePayload(name, "text/plain", text.getBytes(UTF_8)));
    }

    private void folder(String name) {
        http.send("PUT", cluster.api("folders", "admin/" + name), java.net.http.HttpRequest.BodyPublishers.noBody())
                .expect(201);
    }

    @Test
    void browsersAreLedToTheConsoleAndProgramsAreTold() {
        Http nobody = Http.anonymous();

        assertThat(nobody.get(cluster.url().resolve("/"), "Accept", "text/html")
                        .expect(302)
                        .requireHeader("Location"))
                .endsWith("/console/");
        assertThat(nobody.get(cluster.url().resolve("/")).expect(200).text()).contains("/api/v1");
        var page = nobody.get(cluster.url().resolve("/console/"), "Accept-Encoding", "gzip")
                .expect(200);
        assertThat(page.requireHeader("Content-Encoding")).isEqualTo("gzip");
        assertThat(page.requireHeader("Cache-Control")).isEqualTo("no-cache");
        assertThat(page.requireHeader("Content-Security-Policy"))
                .contains("default-src 'none'", "'sha256-")
                .doesNotContain("unsafe");
        nobody.get(
                        cluster.url().resolve("/console/"),
                        "Accept-Encoding",
                        "gzip",
                        "If-None-Match",
                        page.requireHeader("ETag"))
                .expect(304);
        nobody.get(cluster.url().resolve("/console/0000000000000000/app.js")).expect(404);
    }

    @Test
    void aWrongPasswordIsToldAndTheSessionOutlivesAReload() {
        Page page = browser().open(1440, 900, ColorScheme.LIGHT);
        page.navigate(cluster.url().resolve("/console/").toString());
        page.getByLabel("User name or e-mail").fill("admin");
        page.getByLabel("Password").fill("not it");
        button(page, "Sign in").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("don’t go together");

        page.getByLabel("Password").fill(cluster.password());
        button(page, "Sign in").click();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Namespaces")))
                .isVisible();
        page.reload();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Namespaces")))
                .isVisible();

        button(page, "Sign out").click();
        assertThat(page.getByLabel("User name or e-mail")).isVisible();
    }

    @Test
    void aFileGoesUpComesBackAndIsExplained() throws IOException {
        folder("console-one");
        Page page = open("files/admin/console-one");
        upload(page, "kelp & co.txt", "Hello, kelp.");
        assertThat(row(page, "kelp & co.txt")).isVisible();

        row(page, "kelp & co.txt").getByRole(AriaRole.LINK).click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("SHA-256");
        assertThat(dialog.getByRole(AriaRole.ROW)).not().hasCount(1);
        Download download = page.waitForDownload(() -> dialog.getByRole(AriaRole.BUTTON)
                .filter(new Locator.FilterOptions().setHasText("Download"))
                .first()
                .click());
        assertThat(Files.readString(download.path())).isEqualTo("Hello, kelp.");
        assertThat(download.suggestedFilename()).isEqualTo("kelp & co.txt");
    }

    @Test
    void aTakenNameIsAskedAbout() {
        folder("console-two");
        Page page = open("files/admin/console-two");
        upload(page, "plan.txt", "one");
        assertThat(row(page, "plan.txt")).isVisible();

        upload(page, "plan.txt", "two");
        page.getByRole(AriaRole.DIALOG).getByText("Keep both").click();
        assertThat(row(page, "plan (2).txt")).isVisible();

        upload(page, "plan.txt", "three");
        page.getByRole(AriaRole.DIALOG).getByText("Replace").click();
        assertThat(page.getByText("Done").first()).isVisible();
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(http.follow(cluster.api("files", "admin/console-two/plan.txt"))
                                .text())
                        .isEqualTo("three"));
    }

    @Test
    void foldersAreMadeFilesRenamedMovedBackAndDeletedByKeys() {
        folder("console-three");
        http.put(cluster.api("files", "admin/console-three/old.txt"), new byte[1])
                .expect(201);
        Page page = open("files/admin/console-three");
        button(page, "New folder").click();
        textbox(page, "Name of the new folder").fill("below");
        button(page, "Create").click();
        assertThat(row(page, "below")).isVisible();

        Locator grid = page.getByRole(AriaRole.GRID);
        grid.focus();
        grid.press("End");
        grid.press("F2");
        textbox(page, "New name of").fill("new.txt");
        page.keyboard().press("Enter");
        assertThat(row(page, "new.txt")).isVisible();
        button(page, "Undo").click();
        assertThat(row(page, "old.txt")).isVisible();

        grid.focus();
        grid.press("End");
        grid.press("Delete");
        page.getByRole(AriaRole.DIALOG)
                .getByText("Delete", new Locator.GetByTextOptions().setExact(true))
                .click();
        assertThat(row(page, "old.txt")).hasCount(0);
        http.get(cluster.api("files", "admin/console-three/old.txt")).expect(404);
    }

    @Test
    void manyEntriesTakeFewRows() {
        Page page = open("files/admin");
        page.route(Pattern.compile(".*/api/v1/folders/admin/many.*"), ConsoleIT::answerMany);
        page.navigate(cluster.url().resolve("/console/") + "#/files/admin/many");
        assertThat(page.getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText("100,000 entries")))
                .isVisible(new com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions()
                        .setTimeout(30_000));

        Locator grid = page.getByRole(AriaRole.GRID);
        grid.focus();
        grid.press("End");
        assertThat(row(page, "entry-099999")).isVisible();
        assertThat(grid).hasAttribute("aria-rowcount", Integer.toString(MANY + 1));
        assertThat(page.locator(".row").count()).isLessThan(MOST_ROWS);
    }

    /** A folder of many entries, page by page, as the API would list it. */
    private static void answerMany(Route route) {
        String url = route.request().url();
        int first = number(url, "after=entry-", -1) + 1;
        int end = Math.min(MANY, first + number(url, "limit=", 1000));
        String entries = IntStream.range(first, end)
                .mapToObj(index ->
                        "{\"name\":\"entry-%06d\",\"type\":\"file\",\"modified\":\"2026-01-01T00:00:00Z\",\"size\":%d}"
                                .formatted(index, index))
                .collect(Collectors.joining(","));
        String next = end < MANY ? "\"entry-%06d\"".formatted(end - 1) : "null";
        route.fulfill(new Route.FulfillOptions()
                .setContentType("application/json")
                .setBody("{\"namespace\":\"admin\",\"path\":\"many\",\"next\":" + next + ",\"entries\":[" + entries
                        + "]}"));
    }

    private static int number(String url, String before, int otherwise) {
        var found = Pattern.compile(Pattern.quote(before) + "(\\d+)").matcher(url);
        return found.find() ? Integer.parseInt(found.group(1)) : otherwise;
    }

    @Test
    void nothingIsWiderThanAPhone() {
        Page page = open("files/admin", 390, 844, ColorScheme.DARK);
        for (String place : List.of("files", "files/admin")) {
            page.navigate(cluster.url().resolve("/console/") + "#/" + place);
            assertThat(page.getByRole(AriaRole.HEADING).first()).isVisible();
            assertThat(page.evaluate("document.documentElement.scrollWidth"))
                    .as(place)
                    .isEqualTo(390);
        }
    }

    @Test
    void whatAPageLoadsIsSmallAndComesFromHere() {
        Page page = browser().open(1440, 900, ColorScheme.LIGHT);
        Set<String> origins = new java.util.HashSet<>();
        page.onRequest(request -> origins.add(java.net.URI.create(request.url()).getAuthority()));
        page.navigate(cluster.url().resolve("/console/").toString());
        assertThat(page.getByLabel("Password")).isVisible();

        assertThat(origins).containsExactly(cluster.url().getAuthority());
        Object transferred = page.evaluate(
                "performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.transferSize, 0)");
        assertThat(((Number) transferred).intValue()).isBetween(1, 300_000);
    }
}
