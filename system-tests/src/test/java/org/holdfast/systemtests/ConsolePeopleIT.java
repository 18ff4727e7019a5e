package org.holdfast.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people do with their files at the console besides putting them there. */
@Order(13)
class ConsolePeopleIT extends AtTheConsole {
    private static final int WAV_HEADER_BYTES = 44;
    private static final int SAMPLES_PER_SECOND = 8000;

    ConsolePeopleIT(TestCluster cluster) {
        super(cluster);
    }

    /** Answers of nodes, from now on. */
    private List<Response> fromNodes(Visitor visitor) {
        List<String> nodes = List.of("sn1", "sn2", "sn3").stream()
                .map(node -> cluster.urlOf(node).getAuthority())
                .toList();
        List<Response> answers = new ArrayList<>();
        visitor.page().onResponse(answer -> {
            if (nodes.contains(URI.create(answer.url()).getAuthority())) {
                answers.add(answer);
            }
        });
        return answers;
    }

    private static Locator shown(Visitor visitor, String name, String selector) {
        visitor.open(name);
        return visitor.dialog().locator(selector);
    }

    @Test
    void imagesAndTextsAreShownStraightFromANode() throws IOException {
        var picture = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB), "png", picture);
        put("look/picture.png", picture.toByteArray(), "image/png");
        String text = "Kelp, ähem.\n" + "a long line\n".repeat(40_000);
        put("look/text.txt", text.getBytes(UTF_8), "text/plain");
        put("look/page.html", "<script>document.title='stolen'</script>".getBytes(UTF_8), "text/html");
        Visitor visitor = admin("files/admin/look");
        List<Response> answers = fromNodes(visitor);

        Locator image = shown(visitor, "picture.png", "img");
        await().untilAsserted(() -> assertThat(image.evaluate("it => [it.naturalWidth, it.naturalHeight]"))
                .isEqualTo(List.of(30, 20)));
        assertThat(answers).hasSize(1).allMatch(answer -> answer.status() == 200);
        visitor.press("Escape");

        Locator page = shown(visitor, "text.txt", "pre");
        assertThat(page).containsText("Kelp, ähem.");
        assertThat(visitor.dialog()).containsText("The first 262 kB of 480 kB");
        assertThat(page.textContent().length()).isLessThan(text.length());
        visitor.press("Escape");

        assertThat(shown(visitor, "page.html", "pre")).containsText("<script>");
        assertThat(visitor.page().title()).doesNotContain("stolen");
    }

    @Tag("slow")
    @Test
    void soundAndFilmsArePlayedByRange() {
        int seconds = 1800;
        put("look/sound.wav", silence(seconds), "audio/wav");
        put("look/film.webm", film(), "video/webm");
        Visitor visitor = admin("files/admin/look");
        List<Response> answers = fromNodes(visitor);

        Locator sound = shown(visitor, "sound.wav", "audio");
        await().untilAsserted(() -> assertThat(((Number) sound.evaluate("it => it.duration")).intValue())
                .isEqualTo(seconds));
        sound.evaluate("it => new Promise(done => { it.onseeked = done; it.currentTime = 1700; })");
        assertThat(answers).allMatch(answer -> answer.status() == 206);
        assertThat(answers.stream().map(answer -> answer.headers().get("content-range")))
                .anyMatch(range -> range.startsWith("bytes 0-"))
                .anyMatch(range -> !range.startsWith("bytes 0-"));
        visitor.press("Escape");

        Locator film = shown(visitor, "film.webm", "video");
        await().untilAsserted(
                        () -> assertThat(film.evaluate("it => it.videoWidth")).isEqualTo(64));
        film.evaluate("it => { it.muted = true; return it.play(); }");
        await().until(() -> ((Number) film.evaluate("it => it.currentTime")).doubleValue() > 0);
    }

    /** PCM of 16 bits, one channel. */
    private static byte[] silence(int seconds) {
        int bytes = seconds * SAMPLES_PER_SECOND * 2;
        return ByteBuffer.allocate(WAV_HEADER_BYTES + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(ISO_8859_1))
                .putInt(WAV_HEADER_BYTES - 8 + bytes)
                .put("WAVEfmt ".getBytes(ISO_8859_1))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(SAMPLES_PER_SECOND)
                .putInt(SAMPLES_PER_SECOND * 2)
                .putShort((short) 2)
                .putShort((short) 16)
                .put("data".getBytes(ISO_8859_1))
                .putInt(bytes)
                .array();
    }

    /** A second of a square that moves, made by the browser itself. */
    private byte[] film() {
        String bytes = (String) browser().open(200, 200, ColorScheme.LIGHT).evaluate("""
                async () => {
                  const canvas = document.createElement('canvas');
                  canvas.width = canvas.height = 64;
                  const pen = canvas.getContext('2d');
                  const recorder = new MediaRecorder(canvas.captureStream(20), {mimeType: 'video/webm'});
                  const parts = [];
                  recorder.ondataavailable = e => parts.push(e.data);
                  const ended = new Promise(done => (recorder.onstop = done));
                  recorder.start();
                  for (let step = 0; step < 20; step++) {
                    pen.fillStyle = `rgb(${step * 10}, 80, 80)`;
                    pen.fillRect(step, step, 40, 40);
                    await new Promise(done => setTimeout(done, 50));
                  }
                  recorder.stop();
                  await ended;
                  return btoa(String.fromCharCode(...new Uint8Array(await new Blob(parts).arrayBuffer())));
                }""");
        return Base64.getDecoder().decode(bytes);
    }

    @Tag("slow")
    @Test
    void aPdfIsShownByTheBrowsersOwnViewer() {
        put("look/paper.pdf", pdf("Holdfast"), "application/pdf");
        Visitor visitor = admin("files/admin/look");
        visitor.open("paper.pdf");

        if (visitor.page().evaluate("navigator.pdfViewerEnabled").equals(true)) {
            assertThat(visitor.dialog().locator("iframe")).hasAttribute("src", Pattern.compile("blob:.*"));
            await().until(() -> visitor.page().frames().size() > 1);
        } else {
            assertThat(visitor.dialog().getByRole(AriaRole.ALERT)).containsText("shows no PDF");
        }
    }

    /** One page with some words on it. */
    private static byte[] pdf(String words) {
        String drawn = "BT /F1 24 Tf 20 100 Td (" + words + ") Tj ET";
        List<String> objects = List.of(
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
                "<</Length " + drawn.length() + ">>stream\n" + drawn + "\nendstream",
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
        var file = new StringBuilder("%PDF-1.4\n");
        var table = new StringBuilder("0000000000 65535 f \n");
        for (int i = 0; i < objects.size(); i++) {
            table.append(String.format(Locale.ROOT, "%010d 00000 n \n", file.length()));
            file.append(i + 1).append(" 0 obj\n").append(objects.get(i)).append("\nendobj\n");
        }
        int start = file.length();
        int size = objects.size() + 1;
        file.append("xref\n0 ").append(size).append('\n').append(table);
        file.append("trailer\n<</Size ").append(size).append("/Root 1 0 R>>\nstartxref\n");
        return file.append(start).append("\n%%EOF\n").toString().getBytes(ISO_8859_1);
    }

    @Test
    void whatHasNoPreviewIsExplained() {
        put("look/bits.bin", new byte[10], "application/octet-stream");
        Visitor visitor = admin("files/admin/look");
        visitor.open("bits.bin");

        assertThat(visitor.dialog()).containsText("SHA-256");
    }

    @Test
    void namesAreFoundInAllFoldersOfANamespace() {
        put("search/one/Green Kelp.txt", new byte[1], "text/plain");
        put("search/two/deep/kelp forest.txt", new byte[1], "text/plain");
        put("search/two/sand.txt", new byte[1], "text/plain");
        Visitor visitor = admin("files/admin/search/one");
        visitor.page().getByRole(AriaRole.SEARCHBOX).fill("KELP");
        visitor.press("Enter");

        assertThat(visitor.row("Green Kelp.txt")).containsText("admin/search/one");
        assertThat(visitor.row("kelp forest.txt")).containsText("admin/search/two/deep");
        assertThat(visitor.row("sand.txt")).hasCount(0);
        visitor.awaitAddress(".*#/files/admin/search/one\\?find=KELP");

        visitor.row("kelp forest.txt").click();
        visitor.grid().focus();
        visitor.press("F2");
        visitor.textbox("New name of").fill("kelp wood.txt");
        visitor.press("Enter");
        assertThat(visitor.row("kelp wood.txt")).isVisible();
        http.head(file("search/two/deep/kelp wood.txt")).expect(200);

        visitor.page().goBack();
        assertThat(visitor.heading("one")).isVisible();
        assertThat(visitor.row("Green Kelp.txt")).not().containsText("admin/search/one");
    }

    @Test
    void aFolderComesAsZip() throws IOException {
        put("zip/box/a.txt", "one".getBytes(UTF_8), "text/plain");
        put("zip/box/below/b ü.txt", "two".getBytes(UTF_8), "text/plain");
        Visitor visitor = admin("files/admin/zip");
        visitor.select("box");
        Download download =
                visitor.page().waitForDownload(() -> visitor.button("Download").click());

        assertThat(download.suggestedFilename()).isEqualTo("box.zip");
        Map<String, String> found = new HashMap<>();
        try (var zip = new ZipInputStream(Files.newInputStream(download.path()))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    found.put(entry.getName().replaceFirst("^box/", ""), new String(zip.readAllBytes(), UTF_8));
                }
            }
        }
        assertThat(found).isEqualTo(Map.of("a.txt", "one", "below/b ü.txt", "two"));
    }

    @Tag("slow")
    @Test
    void thePackingOfAFolderIsGivenUp() {
        put("zip/slow/a.txt", new byte[1], "text/plain");
        Visitor visitor = admin("files/admin/zip");
        // One that is packed for ever.
        visitor.page().route("**/api/v1/archives/**", route -> {});
        visitor.select("slow");
        visitor.button("Download").click();
        assertThat(visitor.messages()).containsText("“slow” is being packed");
        List<String> given = new ArrayList<>();
        visitor.page().onRequestFailed(request -> given.add(request.failure()));
        visitor.button("Cancel").click();
        visitor.page().waitForCondition(() -> !given.isEmpty());
        assertThat(given).singleElement().asString().contains("ABORTED");
        assertThat(visitor.messages()).not().containsText("packed");
    }

    @Test
    void locksAndWhoElseHasAccessAreShown() {
        person("karl", "");
        put("held/plan.txt", new byte[1], "text/plain");
        put("held/free.txt", new byte[1], "text/plain");
        http.send(
                        "PUT",
                        cluster.api("access", "admin/held"),
                        ofString("{\"user\":\"karl\",\"role\":\"editor\"}"),
                        "Content-Type",
                        "application/json")
                .expect(204);
        Http.signedInAs("karl", PASSWORD)
                .post(cluster.api("locks", "admin/held/plan.txt"), "")
                .expect(201);

        Visitor visitor = admin("files/admin/held");
        assertThat(visitor.row("plan.txt")).containsText("Locked by karl until");
        assertThat(visitor.row("free.txt")).not().containsText("Locked");
        visitor.select("plan.txt");
        visitor.button("Details").click();
        assertThat(visitor.dialog()).containsText("Locked by karl until");
        assertThat(visitor.dialog()).containsText("Who else has access");
        assertThat(visitor.dialog().getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("karl")))
                .containsText("Editor");
    }

    @Test
    void whatOthersPutIsSoonThereAndMovesNothingAway() {
        for (int number = 10; number < 60; number++) {
            put("live/file " + number + ".txt", new byte[1], "text/plain");
        }
        Visitor visitor = admin("files/admin/live");
        assertThat(visitor.grid()).hasAttribute("aria-rowcount", "51");
        visitor.grid().focus();
        visitor.press("End", "Space");
        Locator chosen = visitor.row("file 59.txt");
        assertThat(chosen).isInViewport();

        put("live/a new one.txt", new byte[1], "text/plain");
        assertThat(visitor.grid()).hasAttribute("aria-rowcount", "52");
        assertThat(chosen).isInViewport();
        assertThat(chosen).hasAttribute("aria-selected", "true");
        assertThat(visitor.grid()).isFocused();
        assertThat(visitor.grid()).hasAttribute("aria-activedescendant", chosen.getAttribute("id"));

        http.delete(file("live/file 59.txt")).expect(204);
        assertThat(chosen).hasCount(0);
        assertThat(visitor.button("Upload files")).isVisible();
    }

    @Test
    void entriesAreMovedToAnotherFolderAndBack() {
        put("move/one/plan.txt", new byte[1], "text/plain");
        folder("move/two");
        Visitor visitor = admin("files/admin/move/one");
        visitor.select("plan.txt");
        visitor.button("Move").click();
        visitor.textbox("into which folder").fill("admin/move/two");
        visitor.press("Enter");
        assertThat(visitor.row("plan.txt")).hasCount(0);
        http.head(file("move/two/plan.txt")).expect(200);

        visitor.button("Undo").click();
        assertThat(visitor.row("plan.txt")).isVisible();
        http.head(file("move/two/plan.txt")).expect(404);
    }

    @Test
    void anOlderVersionIsFoundAmongTheDetailsAndRestored() {
        Http iris = person("iris", "");
        iris.put(cluster.api("files", "iris/plan.txt"), "first".getBytes(UTF_8)).expect(201);
        iris.put(cluster.api("files", "iris/plan.txt"), "second".getBytes(UTF_8))
                .expect(201);
        Copies copies = Copies.awaitAll(cluster, "iris/plan.txt");

        Visitor visitor =
                Visitor.at(cluster.url(), browser()).signIn("iris", PASSWORD).go("files/iris");
        visitor.select("plan.txt");
        visitor.button("Details").click();
        assertThat(visitor.dialog()).containsText(copies.sha256());
        assertThat(visitor.dialog()).containsText(copies.wanted() + " of " + copies.wanted() + " verified");
        for (Copies.Copy copy : copies.all()) {
            assertThat(visitor.dialog()
                            .getByRole(AriaRole.ROW)
                            .filter(new Locator.FilterOptions().setHasText(copy.node())))
                    .containsText("verified");
        }

        visitor.button("Restore version 1").click();
        assertThat(visitor.messages()).containsText("Version 1 is the current one again.");
        assertThat(visitor.button("Restore version 2")).isVisible();
        assertThat(iris.follow(cluster.api("files", "iris/plan.txt"))
                        .expect(200)
                        .text())
                .isEqualTo("first");
    }

    @Test
    void aFolderIsSharedWithSomebodyAndByALink() {
        Http jonas = person("jonas", "");
        put("given/plan.txt", "Hello, link.".getBytes(UTF_8), "text/plain");
        Visitor visitor = admin("files/admin/given");
        visitor.button("Share").click();
        Locator dialog = visitor.dialog();
        dialog.getByLabel("User", new Locator.GetByLabelOptions().setExact(true))
                .fill("jonas");
        dialog.getByLabel("Role").selectOption("reader");
        dialog.getByText("Give access").click();
        Locator member = dialog.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("jonas"));
        assertThat(member).containsText("Reader");
        jonas.head(file("given/plan.txt")).expect(200);
        jonas.delete(file("given/plan.txt")).expect(403);

        dialog.getByLabel("Days").fill("1");
        dialog.getByText("Make a link").click();
        Locator link = dialog.getByLabel("Copy it now");
        assertThat(link).hasValue(Pattern.compile("https?://.*"));
        URI folder = URI.create(link.inputValue());
        assertThat(Http.anonymous().get(folder).expect(200).text()).contains("plan.txt");

        assertThat(dialog.getByLabel("Days")).hasValue("7");
        // What is written while the server still works stays.
        visitor.page().route("**/api/v1/links/**", route -> {
            if (route.request().method().equals("POST")) {
                dialog.getByLabel("Password (optional)").fill("kelp forest");
            }
            route.resume();
        });
        dialog.getByText("Make a link").click();
        assertThat(visitor.button("End this link")).hasCount(2);
        visitor.page().unroute("**/api/v1/links/**");
        dialog.getByText("Make a link").click();
        assertThat(dialog).containsText(", with password");
        assertThat(link).not().hasValue(folder.toString());
        URI locked = URI.create(link.inputValue());
        Http.anonymous().get(locked).expect(401);
        Http.anonymous().get(locked, "Holdfast-Link-Password", "kelp forest").expect(200);
        visitor.button("End this link").last().click();
        assertThat(visitor.button("End this link")).hasCount(2);
        visitor.button("End this link").last().click();
        assertThat(visitor.button("End this link")).hasCount(1);

        visitor.button("End this link").click();
        assertThat(dialog).containsText("There are no links.");
        Http.anonymous().get(folder).expect(404);
        visitor.button("Take the access of jonas away").click();
        assertThat(member).hasCount(0);
        jonas.head(file("given/plan.txt")).expect(404);
    }
}
