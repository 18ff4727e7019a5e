package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads from the console: of whole folders, stopped and resumed, over lines that break, into names that are taken. */
@Order(13)
class ConsoleUploadsIT extends AtTheConsole {
    private static final int SLOW_BYTES_PER_SECOND = 400_000;
    private static final double SLOW_MILLIS = 30_000;

    @TempDir
    Path here;

    ConsoleUploadsIT(TestCluster cluster) {
        super(cluster);
    }

    private void assertThatItHas(String name, String text) {
        await().untilAsserted(() ->
                assertThat(http.follow(file(name)).expect(200).text()).isEqualTo(text));
    }

    private static ContainsTextOptions slowly() {
        return new ContainsTextOptions().setTimeout(SLOW_MILLIS);
    }

    @Test
    void aTakenNameIsAskedAbout() {
        folder("taken");
        Visitor visitor = admin("files/admin/taken");
        visitor.upload("plan.txt", "one");
        assertThat(visitor.row("plan.txt")).isVisible();

        visitor.upload("plan.txt", "two");
        visitor.dialog().getByText("Keep both").click();
        assertThat(visitor.row("plan (2).txt")).isVisible();

        visitor.upload("plan.txt", "three");
        visitor.dialog().getByText("Replace").click();
        assertThatItHas("taken/plan.txt", "three");

        visitor.upload("plan.txt", "four");
        visitor.dialog().getByText("Skip").click();
        assertThat(visitor.uploads()).containsText("Skipped");
        assertThatItHas("taken/plan.txt", "three");
        assertThatItHas("taken/plan (2).txt", "two");
    }

    @Test
    void oneAnswerGoesForAllTheOthers() {
        folder("taken-all");
        FilePayload[] files = IntStream.range(0, 5)
                .mapToObj(i -> new FilePayload(i + ".txt", "text/plain", ("n" + i).getBytes(UTF_8)))
                .toArray(FilePayload[]::new);
        Visitor visitor = admin("files/admin/taken-all");
        visitor.uploadFiles(files);
        assertThat(visitor.messages()).containsText("5 files uploaded.");

        visitor.uploadFiles(files);
        visitor.dialog().getByLabel("Do the same with the others").check();
        visitor.dialog().getByText("Keep both").click();
        assertThat(visitor.row("4 (2).txt")).isVisible();
        assertThat(visitor.grid()).hasAttribute("aria-rowcount", "11");
    }

    @Test
    void foldersGoUpByButtonAndByDragAndDrop() throws IOException {
        folder("whole");
        Path box = Files.createDirectories(here.resolve("box/deep/deeper"))
                .resolve("../..")
                .normalize();
        Files.writeString(box.resolve("top.txt"), "top");
        Files.writeString(box.resolve("deep/deeper/ä.txt"), "deep");
        Files.createDirectory(box.resolve("empty"));
        Path single = Files.writeString(here.resolve("single.txt"), "single");
        Visitor visitor = admin("files/admin/whole");
        visitor.uploadFolder(box);
        assertThat(visitor.row("box")).isVisible();
        assertThatItHas("whole/box/top.txt", "top");
        assertThatItHas("whole/box/deep/deeper/ä.txt", "deep");

        folder("dropped");
        visitor.go("files/admin/dropped");
        visitor.drop(box, single);
        assertThat(visitor.row("box")).isVisible();
        assertThat(visitor.row("single.txt")).isVisible();
        assertThatItHas("dropped/box/deep/deeper/ä.txt", "deep");
        await().untilAsserted(() ->
                http.get(cluster.api("folders", "admin/dropped/box/empty")).expect(200));
    }

    @Test
    void anUploadIsPausedResumedAndCancelled() {
        folder("paused");
        Path first = Bytes.file(here.resolve("first.bin"), 1_500_000, 1);
        Path second = Bytes.file(here.resolve("second.bin"), 1_500_000, 2);
        Visitor visitor = admin("files/admin/paused");
        var line = visitor.slowDown(SLOW_BYTES_PER_SECOND);
        visitor.uploadFiles(first, second);
        assertThat(visitor.uploads()).containsText(Pattern.compile("[1-9][0-9.]* kB of 1\\.50 MB"), slowly());
        assertThat(visitor.uploads())
                .containsText(
                        Pattern.compile("0 of 2 files · .* of 3\\.00 MB.*[1-9][0-9.]* kB/s · \\d+ s left"), slowly());
        assertThat(visitor.uploads().getByRole(AriaRole.PROGRESSBAR)).hasCount(3);

        visitor.button("Pause").click();
        assertThat(visitor.uploads()).containsText("begins anew");
        http.get(file("paused/first.bin")).expect(404);
        visitor.button("Cancel second.bin").click();
        assertThat(visitor.uploads()).containsText("Cancelled");

        Visitor.throttle(line, 0);
        visitor.button("Resume").click();
        assertThat(visitor.messages()).containsText("1 file uploaded.", slowly());
        assertThat(Bytes.sha256(
                        http.follow(file("paused/first.bin")).expect(200).bytes()))
                .isEqualTo(Bytes.sha256(first));
        http.get(file("paused/second.bin")).expect(404);
    }

    @Test
    void anUploadThatTheNetworkHasLostGoesOnWhenItIsBack() {
        folder("lost");
        Path large = Bytes.file(here.resolve("large.bin"), 3_000_000, 4);
        Visitor visitor = admin("files/admin/lost");
        var line = visitor.slowDown(SLOW_BYTES_PER_SECOND);
        visitor.uploadFiles(large);
        assertThat(visitor.uploads()).containsText(Pattern.compile("[1-9][0-9.]* kB of 3\\.00 MB"), slowly());
        visitor.page().context().setOffline(true);
        assertThat(visitor.uploads()).containsText("Connection lost", slowly());

        visitor.page().context().setOffline(false);
        Visitor.throttle(line, 0);
        assertThat(visitor.messages()).containsText("1 file uploaded.", slowly());
        assertThat(browser().complaints())
                .as("what the browser itself says of the network")
                .allMatch(it -> it.contains("net::ERR_"));
        assertThat(Bytes.sha256(http.follow(file("lost/large.bin")).expect(200).bytes()))
                .isEqualTo(Bytes.sha256(large));
    }

    @Test
    void anUploadOverALineThatBreaksComesToItsEnd() {
        folder("broken");
        Path large = Bytes.file(here.resolve("large.bin"), 3_000_000, 3);
        try (CuttableLine line = CuttableLine.to(cluster.url())) {
            Visitor visitor = Visitor.at(line.url(), browser())
                    .signIn("admin", cluster.password())
                    .go("files/admin/broken");
            visitor.grid().waitFor();
            var brake = visitor.slowDown(SLOW_BYTES_PER_SECOND);
            visitor.uploadFiles(large);
            assertThat(visitor.uploads()).containsText(Pattern.compile("[1-9][0-9.]* kB of 3\\.00 MB"), slowly());
            line.cut();
            line.join();
            Visitor.throttle(brake, 0);
            assertThat(visitor.messages()).containsText("1 file uploaded.", slowly());
        }
        assertThat(browser().complaints())
                .as("what the browser itself says of the line")
                .allMatch(it -> it.contains("net::ERR_"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Bytes.sha256(
                                http.follow(file("broken/large.bin")).bytes()))
                        .isEqualTo(Bytes.sha256(large)));
    }
}
