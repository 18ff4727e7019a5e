package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Somebody at the console: one window, and what is in it by the words that people see or hear. */
final class Visitor {
    /** {@code mvn -Dholdfast.pictures=…} says where. */
    private static final Path PICTURES = Path.of(System.getProperty(
            "holdfast.pictures",
            TestCluster.SCRATCH.resolveSibling("console-pictures").toString()));

    private static final int WIDTH = 1440;
    private static final int HEIGHT = 900;
    private static final int MOST_STEPS = 100;

    private final Page page;
    private final URI console;

    private Visitor(Page page, URI server) {
        this.page = page;
        this.console = server.resolve("/console/");
    }

    /** At the door, on a desk's screen. */
    static Visitor at(URI server, Browser browser) {
        return at(server, browser, WIDTH, HEIGHT, ColorScheme.LIGHT);
    }

    static Visitor at(URI server, Browser browser, int width, int height, ColorScheme look) {
        return at(server, browser.open(width, height, look));
    }

    static Visitor at(URI server, Page page) {
        return new Visitor(page, server).go("files");
    }

    /** The administrator, at a place of the console. */
    static Visitor admin(TestCluster cluster, Browser browser, String place) {
        return at(cluster.url(), browser).signIn("admin", cluster.password()).go(place);
    }

    Page page() {
        return page;
    }

    Visitor go(String place) {
        page.navigate(console + "#/" + place);
        return this;
    }

    Visitor signIn(String name, String password) {
        page.getByLabel("User name or e-mail").fill(name);
        page.getByLabel("Password").fill(password);
        button("Sign in").click();
        assertThat(navigation()).isVisible();
        return this;
    }

    Locator navigation() {
        return page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Main"));
    }

    /** The button with exactly this name. */
    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator textbox(String name) {
        return page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName(name));
    }

    Locator heading(String name) {
        return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
    }

    Locator grid() {
        return page.getByRole(AriaRole.GRID);
    }

    Locator row(String name) {
        return page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName(name));
    }

    /** Opens what is in a row, as a click on its name does. */
    void open(String name) {
        row(name).getByRole(AriaRole.LINK).click();
    }

    void select(String name) {
        row(name).getByRole(AriaRole.CHECKBOX).check();
    }

    /** The dialog on top. */
    Locator dialog() {
        return page.getByRole(AriaRole.DIALOG).last();
    }

    Locator alert() {
        return page.getByRole(AriaRole.ALERT);
    }

    /** Where short messages are shown and read out. */
    Locator messages() {
        return page.getByRole(AriaRole.LOG);
    }

    Locator text(String text) {
        return page.getByText(text).first();
    }

    Locator uploads() {
        return page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Uploads"));
    }

    void upload(String name, String text) {
        uploadFiles(new FilePayload(name, "text/plain", text.getBytes(UTF_8)));
    }

    void uploadFiles(FilePayload... files) {
        fileInput().setInputFiles(files);
    }

    void uploadFiles(Path... files) {
        fileInput().setInputFiles(files);
    }

    private Locator fileInput() {
        return page.locator("input[type=file]:not([webkitdirectory])");
    }

    void uploadFolder(Path folder) {
        page.locator("input[webkitdirectory]").setInputFiles(folder);
    }

    void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    /** Presses Tab until that has the focus. */
    void tabTo(Locator wanted) {
        goTo("Tab", wanted);
    }

    void tabBackTo(Locator wanted) {
        goTo("Shift+Tab", wanted);
    }

    private void goTo(String key, Locator wanted) {
        wanted.waitFor();
        for (int step = 0; step < MOST_STEPS; step++) {
            if (wanted.evaluate("it => it === document.activeElement").equals(true)) {
                return;
            }
            press(key);
        }
        throw new AssertionError(key + " does not lead to " + wanted);
    }

    /** Drags files and folders of this machine from outside of the browser into the listing, and lets go. */
    void drop(Path... things) {
        BoundingBox box = grid().boundingBox();
        JsonArray files = new JsonArray();
        for (Path thing : things) {
            files.add(thing.toString());
        }
        JsonObject data = new JsonObject();
        data.add("items", new JsonArray());
        data.add("files", files);
        data.addProperty("dragOperationsMask", 1);
        CDPSession devtools = page.context().newCDPSession(page);
        for (String type : List.of("dragEnter", "dragOver", "drop")) {
            JsonObject event = new JsonObject();
            event.addProperty("type", type);
            event.addProperty("x", box.x + box.width / 2);
            event.addProperty("y", box.y + box.height / 2);
            event.add("data", data);
            devtools.send("Input.dispatchDragEvent", event);
        }
        devtools.detach();
    }

    /** Keeps how it looks, for people. */
    void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    /** What somebody with a screen reader, a keyboard or weak eyes would stumble upon here; in axe's words. */
    List<String> barriers() {
        page.evaluate(axe());
        Object found = page.evaluate("""
                axe.run(document, {resultTypes: ['violations']}).then(result => result.violations
                  .filter(one => ['serious', 'critical'].includes(one.impact))
                  .map(one => `${one.id}: ${one.help}: ${one.nodes.map(node => node.html).join(' ')}`))""");
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    /** What can be clicked or filled here, but is not come to by the Tab key alone; as it is written in the page. */
    List<String> beyondTheKeys() {
        page.evaluate("""
                () => {
                  window.wanted = () => [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"]')]
                    .filter(it => it.tabIndex >= 0 && !it.disabled && it.checkVisibility({visibilityProperty: true}));
                  window.reached = new Set();
                  document.addEventListener('focusin', e => reached.add(e.target));
                  document.activeElement.blur();
                }""");
        int steps = ((Number) page.evaluate("wanted().length")).intValue() + 2;
        for (int step = 0; step < steps; step++) {
            press("Tab");
        }
        // Of radio buttons one is come to, and the others from there by the arrows.
        Object left = page.evaluate("""
                () => {
                  const radios = new Set([...reached].filter(it => it.type === 'radio').map(it => it.name));
                  return wanted().filter(it => !reached.has(it) && !(it.type === 'radio' && radios.has(it.name)))
                    .map(it => it.outerHTML);
                }""");
        return ((List<?>) left).stream().map(String::valueOf).toList();
    }

    private static String axe() {
        try (InputStream in = Visitor.class.getResourceAsStream("/axe.min.js")) {
            return new String(java.util.Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether something reaches beyond the sides of the window, or of a dialog. */
    boolean reachesBeyondTheSides() {
        return (Boolean) page.evaluate("""
                [document.documentElement, ...document.querySelectorAll('main, dialog')]
                  .some(part => part.scrollWidth > Math.max(part.clientWidth, part.offsetWidth))""");
    }

    void awaitAddress(String pattern) {
        page.waitForURL(Pattern.compile(pattern));
    }
}
