package org.holdfast.systemtests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ClientCertificate;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Debian's Chromium, driven from here. Playwright would fetch a browser of its own from elsewhere: it is told not to.
 *
 * <p>What the browser complains about (scripts that fail, what the page's policy forbids) is kept for the tests.
 */
final class Browser implements AutoCloseable {
    static {
        PlaywrightAssertions.setDefaultAssertionTimeout((double) Patience.SOON.toMillis());
    }

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    /** Answers that the console asks for and that are no defect; the browser writes each of them to its console. */
    private static final Pattern REFUSALS = Pattern.compile(".*the server responded with a status of 4\\d\\d.*");

    private static final List<String> OPTIONS = List.of("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final List<String> complaints = new ArrayList<>();

    private Browser(Playwright playwright, List<String> options) {
        this.playwright = playwright;
        this.chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(Stream.concat(OPTIONS.stream(), options.stream())
                                .toList()));
    }

    /**
     * Starts it; the test is skipped where there is none.
     *
     * @param options of Chromium's command line, further ones
     */
    static Browser start(String... options) {
        assumeTrue(Files.isExecutable(CHROMIUM), "it takes a browser at " + CHROMIUM + ": apt-get install chromium");
        return new Browser(
                Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))),
                List.of(options));
    }

    /** A window of its own, with nothing remembered. The cluster's authority is unknown to the browser. */
    Page open(int width, int height, ColorScheme look) {
        return page(options().setViewportSize(width, height).setColorScheme(look));
    }

    /** A window of somebody who shows the identity in {@code folder/name.p12} to that server. */
    Page openAs(URI server, Path folder, String name) {
        try {
            return page(options()
                    .setClientCertificates(
                            List.of(new ClientCertificate(server.getScheme() + "://" + server.getAuthority())
                                    .setPfxPath(folder.resolve(name + ".p12"))
                                    .setPassphrase(Files.readString(folder.resolve(name + ".password"))
                                            .strip()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static com.microsoft.playwright.Browser.NewContextOptions options() {
        return new com.microsoft.playwright.Browser.NewContextOptions()
                .setIgnoreHTTPSErrors(true)
                .setAcceptDownloads(true);
    }

    private Page page(com.microsoft.playwright.Browser.NewContextOptions options) {
        Page page = chromium.newContext(options).newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            boolean counts = message.type().equals("error") || message.type().equals("warning");
            if (counts && !REFUSALS.matcher(message.text()).matches()) {
                complaints.add(message.text());
            }
        });
        return page;
    }

    /** Errors and warnings since this was last asked, in all windows. */
    List<String> complaints() {
        List<String> told = List.copyOf(complaints);
        complaints.clear();
        return told;
    }

    void closeWindows() {
        List.copyOf(chromium.contexts()).forEach(BrowserContext::close);
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
