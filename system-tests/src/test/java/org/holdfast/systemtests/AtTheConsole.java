package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** What all tests of the web console have: a real browser, a real cluster, and no complaint of the browser after each. */
@SharedCluster.Of
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AtTheConsole {
    static final String PASSWORD = "a password for tests";

    final TestCluster cluster;
    final Http http;
    private @Nullable Browser browser;

    AtTheConsole(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    @BeforeAll
    void openTheBrowser() {
        browser = start();
    }

    Browser start() {
        return Browser.start();
    }

    @AfterEach
    void thePolicyForbidsNothingThatThePageDoes() {
        browser().closeWindows();
        assertThat(browser().complaints()).isEmpty();
    }

    @AfterAll
    void closeTheBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    final Browser browser() {
        return Objects.requireNonNull(browser);
    }

    /** The browser is driven by one thread. */
    static ConditionFactory await() {
        return Awaitility.await().pollInSameThread();
    }

    /** The administrator, at a place of the console. */
    final Visitor admin(String place) {
        return Visitor.admin(cluster, browser(), place);
    }

    final Visitor admin(String place, int width, int height, ColorScheme look) {
        return Visitor.at(cluster.url(), browser(), width, height, look)
                .signIn("admin", cluster.password())
                .go(place);
    }

    /** The button of the dialog that is open; one of the same name may be behind it, or stand in a message below. */
    static void agree(Visitor visitor, String name) {
        visitor.dialog()
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true))
                .first()
                .click();
    }

    /** Somebody with the password {@link #PASSWORD} and an empty namespace. */
    final Http person(String name, String more) {
        String account =
                "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"mustSetPassword\":false" + more + "}";
        http.post(cluster.api("users"), account, "Content-Type", "application/json")
                .expect(201);
        return Http.signedInAs(name, PASSWORD);
    }

    final URI file(String name) {
        return cluster.api("files", "admin/" + name);
    }

    final void put(String name, byte[] bytes, String type) {
        http.put(file(name), bytes, "Content-Type", type).expect(201);
    }

    final void folder(String name) {
        http.send("PUT", cluster.api("folders", "admin/" + name), BodyPublishers.noBody())
                .expect(201);
    }
}
