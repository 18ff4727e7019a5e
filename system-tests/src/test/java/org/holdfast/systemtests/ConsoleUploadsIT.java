package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads from the console: of whole folders, stopped and resumed, over lines that break, into names that are taken. */
@Order(13)
class ConsoleUploadsIT extends AtTheConsole {
    /** Some times what the system takes at once for a connection. */
    /** Makes the browser drop a folder, a part of which it may not read: it may read what root may. */
    private static final String DROP_WHAT_IS_PARTLY_CLOSED = """
            () => {
              const refuse = (take, fail) => fail(new DOMException('no', 'NotReadableError'));
              const folder = (name, readEntries) => ({name, isFile: false, createReader: () => ({readEntries})});
              const closed = folder('closed', refuse);
              const locked = {name: 'locked.txt', isFile: true, file: refuse};
              const open = {name: 'open.txt', isFile: true, file: take => take(new File(['open'], 'open.txt'))};
              const parts = [[closed, locked, open], []];
              DataTransferItem.prototype.webkitGetAsEntry = () => folder('tree', take => take(parts.shift()));
            }""";

    private static final int LARGE_BYTES = 20_000_000;

    private static final int SLOW_BYTES_PER_SECOND = 3_000_000;
    /** Goes through a master, and begins anew when it breaks off. */
    private static final int MIDDLE_BYTES = 6_000_000;

    /** What counts as sent may still be on its way: up to some megabytes. */
    private static final Pattern UNDER_WAY =
            Pattern.compile("1[0-9]\\.[0-9] MB of 20\\.0 MB|[3-5]\\.[0-9]+ MB of 6\\.00 MB");

    @TempDir
    Path here;

    /** From the browser to each node. */
    private final List<CuttableLine> toNodes;

    ConsoleUploadsIT(TestCluster cluster) {
        super(cluster);
        toNodes = Stream.of("sn1", "sn2", "sn3")
                .map(cluster::urlOf)
                .map(CuttableLine::to)
                .toList();
    }

    @Override
    Browser start() {
        String rules = toNodes.stream()
                .map(line ->
                        "MAP " + line.server().getAuthority() + " " + line.url().getAuthority())
                .collect(Collectors.joining(","));
        return Browser.start("--host-resolver-rules=" + rules);
    }

    @AfterAll
    void takeTheLinesDown() {
        toNodes.forEach(CuttableLine::close);
    }

    /** The first byte of each PUT from now on that goes on where an earlier one was. */
    private static List<Long> resumptions(Visitor visitor) {
        List<Long> found = new ArrayList<>();
        visitor.page().onRequest(request -> {
            Matcher range = Pattern.compile("bytes ([0-9]+)-.*")
                    .matcher(request.headers().getOrDefault("content-range", ""));
            if (range.matches()) {
                found.add(Long.parseLong(range.group(1)));
            }
        });
        return found;
    }

    private void assertThatItHas(String name, String text) {
        await().untilAsserted(() ->
                assertThat(http.follow(file(name)).expect(200).text()).isEqualTo(text));
    }

    @Test
    void aTakenNameIsAskedAbout() {
        folder("taken");
        Visitor visitor = admin("files/admin/taken");
        visitor.upload("plan.txt", "one");
        assertThat(visitor.row("plan.txt")).isVisible();

        visitor.upload("plan.txt", "two");
        assertThat(visitor.dialog().locator("button:focus")).containsText("Keep both");
        assertThat(visitor.dialog()).containsText("what is there stays, as one of 10 older versions");
        visitor.page().keyboard().press("Enter");
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
    void whatCanNotBeReadOfADroppedFolderIsNamedAndTheRestGoesUp() throws IOException {
        folder("partly");
        Visitor visitor = admin("files/admin/partly");
        visitor.grid().waitFor();
        visitor.page().evaluate(DROP_WHAT_IS_PARTLY_CLOSED);
        visitor.drop(Files.writeString(here.resolve("anything"), ""));
        assertThat(visitor.messages()).containsText("the browser can’t read it");
        assertThat(visitor.messages()).containsText("tree/closed");
        assertThat(visitor.messages()).containsText("tree/locked.txt");
        assertThat(visitor.row("tree")).isVisible();
        assertThatItHas("partly/tree/open.txt", "open");
        http.get(file("partly/tree/locked.txt")).expect(404);
    }

    @Test
    void anUploadIsPausedGoesOnWhereItWasAndIsCancelled() {
        folder("paused");
        Path first = Bytes.file(here.resolve("first.bin"), LARGE_BYTES, 1);
        Path second = Bytes.file(here.resolve("second.bin"), LARGE_BYTES, 2);
        Visitor visitor = admin("files/admin/paused");
        visitor.grid().waitFor();
        List<Long> resumptions = resumptions(visitor);
        toNodes.forEach(line -> line.slowDown(SLOW_BYTES_PER_SECOND));
        visitor.uploadFiles(first, second);
        assertThat(visitor.uploads()).containsText(UNDER_WAY);
        assertThat(visitor.uploads())
                .containsText(
                        Pattern.compile("0 of 2 files · \\S+ MB of 40\\.0 MB\\s+[1-9][0-9.]* [kM]B/s · \\d+ s left"));
        assertThat(visitor.uploads().getByRole(AriaRole.PROGRESSBAR)).hasCount(3);

        visitor.button("Pause").click();
        assertThat(visitor.uploads()).containsText("Large files go on where they were");
        http.get(file("paused/first.bin")).expect(404);
        visitor.button("Cancel second.bin").click();
        assertThat(visitor.uploads()).containsText("Cancelled");

        toNodes.forEach(CuttableLine::speedUp);
        visitor.button("Resume").click();
        assertThat(visitor.messages()).containsText("1 file uploaded.");
        assertThat(resumptions).hasSize(1).allMatch(begin -> begin >= 1 << 20);
        theBrowserItselfComplainsOfTheLine();
        assertThatItHas("paused/first.bin", first);
        http.get(file("paused/second.bin")).expect(404);
    }

    @Test
    void anUploadWaitsForTheSignInAfterItsSessionHasEnded() {
        Http uwe = person("uwe", "");
        Path large = Bytes.file(here.resolve("uwe.bin"), LARGE_BYTES, 7);
        Visitor visitor =
                Visitor.at(cluster.url(), browser()).signIn("uwe", PASSWORD).go("files/uwe");
        visitor.grid().waitFor();
        List<Long> resumptions = resumptions(visitor);
        toNodes.forEach(line -> line.slowDown(SLOW_BYTES_PER_SECOND));
        visitor.uploadFiles(large);
        assertThat(visitor.uploads()).containsText(UNDER_WAY);
        http.delete(cluster.api("users/uwe/sessions")).expect(204);
        visitor.upload("small.txt", "small");
        assertThat(visitor.alert()).containsText("Sign in again, and the 2 uploads that are not over go on.");
        uwe.get(cluster.api("files", "uwe/uwe.bin")).expect(404);

        toNodes.forEach(CuttableLine::speedUp);
        visitor.signIn("uwe", PASSWORD);
        assertThat(visitor.messages()).containsText("2 files uploaded.");
        assertThat(resumptions).hasSize(1).allMatch(begin -> begin >= 1 << 20);
        theBrowserItselfComplainsOfTheLine();
        assertThat(Bytes.sha256(uwe.follow(cluster.api("files", "uwe/uwe.bin"))
                        .expect(200)
                        .bytes()))
                .isEqualTo(Bytes.sha256(large));
        assertThat(uwe.follow(cluster.api("files", "uwe/small.txt")).expect(200).text())
                .isEqualTo("small");
    }

    @Tag("slow")
    @Test
    void anUploadWithoutANetworkGoesOnWhenThereIsOne() {
        folder("offline");
        Path late = Bytes.file(here.resolve("late.bin"), 100_000, 4);
        Visitor visitor = admin("files/admin/offline");
        visitor.grid().waitFor();
        visitor.page().context().setOffline(true);
        visitor.uploadFiles(late);
        assertThat(visitor.uploads()).containsText("Connection lost");
        visitor.page().context().setOffline(false);
        assertThat(visitor.messages()).containsText("1 file uploaded.");
        theBrowserItselfComplainsOfTheLine();
        assertThatItHas("offline/late.bin", late);
    }

    @Test
    void anUploadOverALineThatBreaksGoesOnWhereItWas() {
        folder("broken");
        Path large = Bytes.file(here.resolve("large.bin"), LARGE_BYTES, 3);
        Visitor visitor = admin("files/admin/broken");
        visitor.grid().waitFor();
        List<Long> resumptions = resumptions(visitor);
        toNodes.forEach(line -> line.slowDown(SLOW_BYTES_PER_SECOND));
        visitor.uploadFiles(large);
        assertThat(visitor.uploads()).containsText(UNDER_WAY);
        toNodes.forEach(CuttableLine::cut);
        toNodes.forEach(CuttableLine::speedUp);
        visitor.page().context().setOffline(true);
        toNodes.forEach(CuttableLine::join);
        assertThat(visitor.uploads()).containsText("Connection lost");
        visitor.page().context().setOffline(false);
        assertThat(visitor.messages()).containsText("1 file uploaded.");
        assertThat(resumptions).hasSize(1).allMatch(begin -> begin >= 1 << 20);
        theBrowserItselfComplainsOfTheLine();
        assertThatItHas("broken/large.bin", large);
    }

    @Tag("slow")
    @Test
    void whereNodesAreOutOfReachLargeFilesGoThroughAMaster() {
        folder("walled");
        Path large = Bytes.file(here.resolve("walled.bin"), LARGE_BYTES, 5);
        Visitor visitor = admin("files/admin/walled");
        visitor.page().route("**/blobs/**", Route::abort);
        visitor.uploadFiles(large);
        assertThat(visitor.messages()).containsText("1 file uploaded.");
        theBrowserItselfComplainsOfTheLine();
        assertThatItHas("walled/walled.bin", large);
    }

    @Tag("slow")
    @Test
    void anUploadOverALineToTheMasterThatBreaksComesToItsEnd() {
        folder("anew");
        Path middle = Bytes.file(here.resolve("middle.bin"), MIDDLE_BYTES, 6);
        try (CuttableLine line = CuttableLine.to(cluster.url())) {
            Visitor visitor = over(line, "anew");
            // Half of it takes some seconds, for whoever looks is slow at times, too.
            line.slowDown(MIDDLE_BYTES / 8);
            visitor.uploadFiles(middle);
            assertThat(visitor.uploads()).containsText(UNDER_WAY);
            visitor.button("Pause").click();
            assertThat(visitor.uploads()).containsText("0 of 1 files · 0 B of 6.00 MB");
            visitor.button("Resume").click();
            assertThat(visitor.uploads()).containsText(UNDER_WAY);
            line.cut();
            line.speedUp();
            line.join();
            assertThat(visitor.messages()).containsText("1 file uploaded.");
        }
        theBrowserItselfComplainsOfTheLine();
        assertThatItHas("anew/middle.bin", middle);
    }

    private Visitor over(CuttableLine line, String folder) {
        Visitor visitor = Visitor.at(line.url(), browser())
                .signIn("admin", cluster.password())
                .go("files/admin/" + folder);
        visitor.grid().waitFor();
        return visitor;
    }

    private void theBrowserItselfComplainsOfTheLine() {
        browser().closeWindows();
        assertThat(browser().complaints()).allMatch(it -> it.contains("net::ERR_"));
    }

    private void assertThatItHas(String name, Path content) {
        assertThat(Bytes.sha256(http.follow(file(name)).expect(200).bytes())).isEqualTo(Bytes.sha256(content));
    }
}
