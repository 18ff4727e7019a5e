package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FileChooser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The console for everybody: with the keyboard alone, on a phone, and without what stands in people's way. */
@Tag("slow")
@Order(14)
class ConsoleReachIT extends AtTheConsole {
    private static final int PHONE_WIDTH = 390;
    private static final int PHONE_HEIGHT = 844;

    ConsoleReachIT(TestCluster cluster) {
        super(cluster);
    }

    @Test
    void everythingGoesByTheKeyboardAlone() {
        folder("keys");
        put("keys/old.txt", "Hello, keys.".getBytes(UTF_8), "text/plain");
        Visitor visitor = Visitor.at(cluster.url(), browser());
        visitor.page().getByLabel("User name or e-mail").waitFor();
        visitor.page().keyboard().type("admin");
        visitor.press("Tab");
        visitor.page().keyboard().type(cluster.password());
        visitor.press("Enter");
        visitor.tabTo(visitor.page()
                .getByRole(
                        AriaRole.LINK, new Page.GetByRoleOptions().setName(Pattern.compile("^admin .*entr(y|ies)"))));
        visitor.press("Enter");
        visitor.awaitAddress(".*#/files/admin");

        visitor.tabTo(visitor.grid());
        assertThat(visitor.row("keys")).isVisible();
        visitor.page().keyboard().type("keys");
        visitor.press("Enter");
        visitor.awaitAddress(".*#/files/admin/keys");

        visitor.tabTo(visitor.button("New folder"));
        visitor.press("Enter");
        visitor.page().keyboard().type("below");
        visitor.press("Enter");
        assertThat(visitor.row("below")).isVisible();

        // From now on the browser leaves files to the test.
        visitor.page().onFileChooser(chooser -> {});
        visitor.tabTo(visitor.button("Upload files"));
        FileChooser chooser = visitor.page().waitForFileChooser(() -> visitor.press("Enter"));
        chooser.setFiles(new FilePayload("new.txt", "text/plain", "new".getBytes(UTF_8)));
        assertThat(visitor.row("new.txt")).isVisible();

        visitor.tabTo(visitor.grid());
        visitor.press("End", "Enter");
        assertThat(visitor.dialog().locator("pre")).containsText("Hello, keys.");
        visitor.press("Escape");
        assertThat(visitor.dialog()).hasCount(0);
        assertThat(visitor.grid()).isFocused();

        visitor.press("Space");
        assertThat(visitor.row("old.txt")).hasAttribute("aria-selected", "true");
        visitor.tabBackTo(visitor.button("Share"));
        visitor.press("Enter");
        assertThat(visitor.dialog()).containsText("Who has access");
        visitor.press("Escape");

        visitor.tabTo(visitor.grid());
        visitor.press("Delete");
        visitor.press("Enter");
        assertThat(visitor.row("old.txt")).hasCount(0);

        visitor.tabBackTo(visitor.button("Sign out"));
        visitor.press("Enter");
        assertThat(visitor.page().getByLabel("User name or e-mail")).isVisible();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void nothingIsWiderThanAPhone(ColorScheme look) {
        String name = "a name that is quite a bit longer than a phone is wide, for people like long names.txt";
        put("phone/" + name, "Hello, phone.".getBytes(UTF_8), "text/plain");
        Visitor visitor = admin("files", PHONE_WIDTH, PHONE_HEIGHT, look);
        for (String place : List.of("files", "files/admin", "files/admin/phone", "files/admin?find=phone", "account")) {
            visitor.go(place);
            assertThat(visitor.page().getByRole(AriaRole.HEADING).first()).isVisible();
            visitor.picture(place.replaceAll("\\W", "-") + "-390-" + look.name().toLowerCase(Locale.ROOT));
            assertThat(visitor.reachesBeyondTheSides()).as(place).isFalse();
            assertThat(visitor.barriers()).as(place).isEmpty();
            assertThat(visitor.beyondTheKeys()).as(place).isEmpty();
        }
        visitor.go("files/admin/phone");
        visitor.open("a name");
        assertThat(visitor.dialog().locator("pre")).isVisible();
        assertThat(visitor.reachesBeyondTheSides()).as("preview").isFalse();
        assertThat(visitor.barriers()).as("preview").isEmpty();
        agree(visitor, "Details");
        assertThat(visitor.dialog()).containsText("SHA-256");
        assertThat(visitor.reachesBeyondTheSides()).as("details").isFalse();
        assertThat(visitor.barriers()).as("details").isEmpty();
        agree(visitor, "Share");
        assertThat(visitor.dialog()).containsText("Who has access");
        assertThat(visitor.reachesBeyondTheSides()).as("share").isFalse();
        assertThat(visitor.barriers()).as("share").isEmpty();
        visitor.press("Escape", "Escape", "Escape");
        visitor.upload(look + ".txt", "small");
        assertThat(visitor.row(look + ".txt")).isVisible();
        assertThat(visitor.reachesBeyondTheSides()).as("uploads").isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void nothingSeriousStandsInAnybodysWay(ColorScheme look) {
        put("axe/text.txt", "Hello, axe.".getBytes(UTF_8), "text/plain");
        put("axe/more.txt", "Hello.".getBytes(UTF_8), "text/plain");
        Visitor visitor = Visitor.at(cluster.url(), browser(), 1440, 900, look);
        visitor.button("Sign in").waitFor();
        assertThat(visitor.barriers()).as("door").isEmpty();

        visitor.signIn("admin", cluster.password());
        for (String place : List.of("files", "files/admin/axe", "files/admin?find=axe", "account")) {
            visitor.go(place);
            assertThat(visitor.page().getByRole(AriaRole.HEADING).first()).isVisible();
            assertThat(visitor.page().getByText("Loading…")).hasCount(0);
            visitor.picture(
                    place.replaceAll("\\W", "-") + "-1440-" + look.name().toLowerCase(Locale.ROOT));
            assertThat(visitor.barriers()).as(place).isEmpty();
        }
        visitor.go("files/admin/axe");
        visitor.select("text.txt");
        assertThat(visitor.barriers()).as("selected").isEmpty();
        for (String dialog : List.of("Preview", "Details", "Share", "Rename", "Move", "Delete")) {
            visitor.button(dialog).click();
            assertThat(visitor.dialog()).isVisible();
            assertThat(visitor.dialog().getByText("Loading…")).hasCount(0);
            visitor.picture(dialog + "-1440-" + look.name().toLowerCase(Locale.ROOT));
            assertThat(visitor.barriers()).as(dialog).isEmpty();
            visitor.press("Escape");
        }
        visitor.button("Select none").click();
        visitor.upload("text.txt", "again");
        assertThat(visitor.dialog()).containsText("is there already");
        assertThat(visitor.barriers()).as("conflict").isEmpty();
        visitor.dialog().getByText("Skip").click();
        assertThat(visitor.uploads()).containsText("Skipped");
        assertThat(visitor.barriers()).as("uploads").isEmpty();
    }
}
