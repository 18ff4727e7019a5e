package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The web console as such: how it comes to the browser, who is let in, and its everyday work. */
@Order(12)
@Isolated("frames are counted")
class ConsoleIT extends AtTheConsole {
    private static final int MANY = 100_000;
    /** Rows that a window shows, and those beside them: whatever the folder's size. */
    private static final int MOST_ROWS = 80;
    /** Of a whole visit's first page, as it goes over the line. */
    private static final int MOST_BYTES = 300_000;

    private static final int MOST_MILLIS_TO_PAINT = 1000;
    private static final System.Logger LOG = System.getLogger(ConsoleIT.class.getName());

    ConsoleIT(TestCluster cluster) {
        super(cluster);
    }

    @Test
    void browsersAreLedToTheConsoleAndProgramsAreTold() {
        Http nobody = Http.anonymous();
        URI console = cluster.url().resolve("/console/");

        assertThat(nobody.get(cluster.url().resolve("/"), "Accept", "text/html")
                        .expect(302)
                        .requireHeader("Location"))
                .endsWith("/console/");
        assertThat(nobody.get(cluster.url().resolve("/")).expect(200).text()).contains("/api/v1");
        var page = nobody.get(console, "Accept-Encoding", "gzip").expect(200);
        assertThat(page.requireHeader("Content-Encoding")).isEqualTo("gzip");
        assertThat(page.requireHeader("Cache-Control")).isEqualTo("no-cache");
        assertThat(page.requireHeader("Content-Security-Policy"))
                .contains("default-src 'none'", "'sha256-", "media-src 'self' " + cluster.urlOf("sn1"))
                .doesNotContain("unsafe");
        nobody.get(console, "Accept-Encoding", "gzip", "If-None-Match", page.requireHeader("ETag"))
                .expect(304);
        nobody.get(cluster.url().resolve("/console/0000000000000000/app.js")).expect(404);
    }

    @Test
    void aWrongPasswordIsToldAndTheSessionOutlivesAReload() {
        Visitor visitor = Visitor.at(cluster.url(), browser());
        visitor.page().getByLabel("User name or e-mail").fill("admin");
        visitor.page().getByLabel("Password").fill("not it");
        visitor.button("Sign in").click();
        assertThat(visitor.alert()).containsText("don’t go together");

        visitor.signIn("admin", cluster.password());
        assertThat(visitor.heading("Namespaces")).isVisible();
        visitor.page().reload();
        assertThat(visitor.heading("Namespaces")).isVisible();

        visitor.button("Sign out").click();
        assertThat(visitor.page().getByLabel("User name or e-mail")).isVisible();
    }

    @Test
    void whatCanNotBeSeenInANameIsMarked() {
        folder("console-deceiving");
        put("console-deceiving/photo-\u202egpj.exe", new byte[1], "text/plain");
        Visitor visitor = admin("files/admin/console-deceiving");
        assertThat(visitor.grid().locator("bdi:has-text('photo-') mark")).hasText("U+202E");
        visitor.grid().getByRole(AriaRole.CHECKBOX).last().check();
        visitor.button("Rename").click();
        assertThat(visitor.dialog()).containsText("New name of “photo-<U+202E>gpj.exe”");
    }

    @Test
    void aCertificateSignsIn() {
        assumeTrue(cluster.url().getScheme().equals("https"), "it takes TLS");
        if (!Files.exists(cluster.identities().resolve("admin.p12"))) {
            cluster.setup("certificates", "user", "admin").run().ok();
        }
        Visitor visitor = Visitor.at(cluster.url(), browser().openAs(cluster.url(), cluster.identities(), "admin"));
        visitor.button("Use my certificate").click();

        assertThat(visitor.heading("Namespaces")).isVisible();
        assertThat(visitor.page().getByTitle("My account")).containsText("admin");
    }

    @Test
    void aFileGoesUpComesBackAndIsExplained() throws IOException {
        folder("console-one");
        Visitor visitor = admin("files/admin/console-one");
        visitor.upload("kelp & co.txt", "Hello, kelp.");
        assertThat(visitor.row("kelp & co.txt")).isVisible();

        visitor.select("kelp & co.txt");
        visitor.button("Details").click();
        Locator dialog = visitor.dialog();
        assertThat(dialog).containsText("SHA-256");
        assertThat(dialog.getByRole(AriaRole.ROW)).not().hasCount(1);
        Download download = visitor.page()
                .waitForDownload(() -> dialog.getByText("Download").click());
        assertThat(Files.readString(download.path())).isEqualTo("Hello, kelp.");
        assertThat(download.suggestedFilename()).isEqualTo("kelp & co.txt");
    }

    @Test
    void foldersAreMadeFilesRenamedMovedBackAndDeletedByKeys() {
        folder("console-three");
        put("console-three/old.txt", new byte[1], "text/plain");
        Visitor visitor = admin("files/admin/console-three");
        visitor.button("New folder").click();
        visitor.textbox("Name of the new folder").fill("below");
        visitor.button("Create").click();
        assertThat(visitor.row("below")).isVisible();

        visitor.grid().focus();
        visitor.press("End", "F2");
        visitor.textbox("New name of").fill("new.txt");
        visitor.press("Enter");
        assertThat(visitor.row("new.txt")).isVisible();
        visitor.button("Undo").click();
        assertThat(visitor.row("old.txt")).isVisible();

        visitor.grid().focus();
        visitor.press("End", "Delete");
        agree(visitor, "Delete");
        assertThat(visitor.row("old.txt")).hasCount(0);
        await().untilAsserted(() -> http.get(file("console-three/old.txt")).expect(404));
    }

    private static void delete(Visitor visitor, String name) {
        visitor.select(name);
        visitor.button("Delete").click();
        assertThat(visitor.dialog()).containsText("for a few seconds");
        agree(visitor, "Delete");
        assertThat(visitor.row(name)).hasCount(0);
    }

    @Test
    void whatIsDeletedIsBackWithAllItWasWhenThatIsUndoneInTime() {
        put("console-undo/below/one.txt", new byte[1], "text/plain");
        put("console-undo/two.txt", new byte[1], "text/plain");
        Visitor visitor = admin("files/admin/console-undo");
        delete(visitor, "below");
        assertThat(visitor.messages()).containsText("Deleting “below”…");
        visitor.button("Undo").click();
        assertThat(visitor.row("below")).isVisible();

        delete(visitor, "two.txt");
        visitor.button("Dismiss").last().click();
        await().untilAsserted(() -> http.get(file("console-undo/two.txt")).expect(404));
        http.head(file("console-undo/below/one.txt")).expect(200);
    }

    @Test
    void whatWasDeletedIsGoneBeforeSomethingElseIsDoneAndWhenThePageIsLeft() {
        for (String name : List.of("again.txt", "left.txt", "door.txt")) {
            put("console-gone/" + name, new byte[1], "text/plain");
        }
        Visitor visitor = admin("files/admin/console-gone");
        delete(visitor, "again.txt");
        visitor.upload("again.txt", "another one");
        assertThat(visitor.row("again.txt")).isVisible();
        assertThat(http.follow(file("console-gone/again.txt")).text()).isEqualTo("another one");
        assertThat(visitor.dialog()).hasCount(0);

        delete(visitor, "left.txt");
        http.head(file("console-gone/left.txt")).expect(200);
        visitor.page().navigate("about:blank");
        await().untilAsserted(() -> http.head(file("console-gone/left.txt")).expect(404));

        Visitor other = admin("files/admin/console-gone");
        delete(other, "door.txt");
        other.button("Sign out").click();
        assertThat(other.page().getByLabel("User name or e-mail")).isVisible();
        http.head(file("console-gone/door.txt")).expect(404);
    }

    @Test
    void whatOthersHaveChangedMeanwhileIsNotDeleted() {
        put("console-meanwhile/plan.txt", new byte[1], "text/plain");
        Visitor visitor = admin("files/admin/console-meanwhile");
        delete(visitor, "plan.txt");
        put("console-meanwhile/plan.txt", new byte[2], "text/plain");
        visitor.button("Dismiss").click();

        assertThat(visitor.messages()).containsText("it has changed since you looked");
        assertThat(visitor.row("plan.txt")).containsText("2 B");
        http.head(file("console-meanwhile/plan.txt")).expect(200);
    }

    /** A folder of many entries, which the browser gets page by page as the API would list it. */
    private Visitor many() {
        Visitor visitor = admin("files/admin");
        visitor.page().route(Pattern.compile(".*/api/v1/folders/admin/many.*"), ConsoleIT::answerMany);
        visitor.go("files/admin/many");
        long asked = System.nanoTime();
        assertThat(visitor.page()
                        .getByRole(AriaRole.STATUS)
                        .filter(new Locator.FilterOptions().setHasText("100,000 entries")))
                .isVisible();
        LOG.log(System.Logger.Level.INFO, "{0} entries after {1} ms", MANY, (System.nanoTime() - asked) / 1_000_000);
        return visitor;
    }

    @Test
    void manyEntriesTakeFewRows() {
        Visitor visitor = many();

        visitor.grid().focus();
        visitor.press("End");
        assertThat(visitor.row("entry-099999")).isVisible();
        assertThat(visitor.grid()).hasAttribute("aria-rowcount", Integer.toString(MANY + 1));
        assertThat(visitor.page().locator(".row").count()).isLessThan(MOST_ROWS);
    }

    @Tag("slow")
    @Test
    void scrollingThroughManyEntriesDropsNoFrames() {
        Page page = many().page();

        // The best of some runs: this machine may have other work, the page has not.
        Map<?, ?> best = IntStream.range(0, 3)
                .mapToObj(run -> (Map<?, ?>) page.evaluate(SCROLL))
                .min(Comparator.comparingDouble(run -> number(run, "dropped")))
                .orElseThrow();
        LOG.log(System.Logger.Level.INFO, "scrolling {0} entries: {1}", MANY, best);
        assertThat(number(best, "frames")).isGreaterThan(60);
        assertThat(number(best, "dropped")).isLessThanOrEqualTo(number(best, "frames") / 50);
        assertThat(number(best, "longTasks"))
                .as("tasks of the page that take 50 ms or more")
                .isZero();
        assertThat(number(best, "blank"))
                .as("frames that show no row in the middle")
                .isZero();
    }

    private static double number(Map<?, ?> measured, String name) {
        return ((Number) Objects.requireNonNull(measured.get(name), name)).doubleValue();
    }

    /** Three seconds of scrolling by some rows each frame. */
    private static final String SCROLL = """
            async () => {
              const port = document.querySelector('.grid');
              const box = port.getBoundingClientRect();
              let longTasks = 0;
              const watch = new PerformanceObserver(list => (longTasks += list.getEntries().length));
              watch.observe({type: 'longtask'});
              const gaps = [];
              let blank = 0;
              let last = await new Promise(requestAnimationFrame);
              const end = last + 3000;
              while (last < end) {
                port.scrollTop += 150;
                const now = await new Promise(requestAnimationFrame);
                gaps.push(now - last);
                last = now;
                blank += document.elementFromPoint(box.x + 200, box.y + box.height / 2)?.closest('.row') ? 0 : 1;
              }
              await new Promise(resolve => setTimeout(resolve, 100));
              watch.disconnect();
              const usual = gaps.slice().sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
              return {
                frames: gaps.length,
                usualMillis: usual,
                longestMillis: Math.max(...gaps),
                dropped: gaps.filter(gap => gap > 1.5 * Math.max(usual, 16.6)).length,
                longTasks,
                blank,
              };
            }""";

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
    void whatAPageLoadsIsSmallAndSoonThereAndComesFromHere() {
        long soonest = Long.MAX_VALUE;
        for (int visit = 1; visit <= 3; visit++) {
            Page page = browser().open(1440, 900, ColorScheme.LIGHT);
            Set<String> origins = new HashSet<>();
            page.onRequest(request -> origins.add(URI.create(request.url()).getAuthority()));
            page.navigate(cluster.url().resolve("/console/").toString());
            assertThat(page.getByLabel("Password")).isVisible();

            assertThat(origins).containsExactly(cluster.url().getAuthority());
            Map<?, ?> told = (Map<?, ?>) page.evaluate("""
                    () => ({
                      bytes: [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
                        .reduce((sum, entry) => sum + entry.transferSize, 0),
                      paint: Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime),
                    })""");
            LOG.log(System.Logger.Level.INFO, "a first visit: {0}", told);
            assertThat((int) number(told, "bytes")).isBetween(1, MOST_BYTES);
            soonest = Math.min(soonest, (long) number(told, "paint"));
        }
        assertThat(soonest)
                .isLessThan(Patience.promised(Duration.ofMillis(MOST_MILLIS_TO_PAINT))
                        .toMillis());
    }
}
