package org.holdfast.master.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The console as it is packaged: complete, small, and nothing in it that its own policy forbids. */
class ConsoleFilesTest {
    private static final Path PACKED = Path.of("target/classes/console");
    private static final int MOST_COMPRESSED_BYTES = 300_000;
    private static final Pattern IMPORT = Pattern.compile("(?:^|[\\s;}*])(?:from|import) ?\\(?[\"']([^\"']+)[\"']");
    private static final Pattern MAPPED = Pattern.compile("\"([^\"]+)\": ?\"([^\"]+)\"");

    private static Map<String, byte[]> packed() throws IOException {
        Map<String, byte[]> found = new HashMap<>();
        try (var paths = Files.walk(PACKED)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                found.put(PACKED.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
            }
        }
        return found;
    }

    private final Map<String, byte[]> found = packed();
    private final ConsoleFiles files = new ConsoleFiles(found);
    private final String policy = files.page(List.of()).policy();
    private final String page = new String(files.page(List.of()).file().plain(), UTF_8);

    ConsoleFilesTest() throws IOException {}

    private String importMap() {
        var map = Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        assertThat(map.find()).isTrue();
        return map.group(1);
    }

    @Test
    void the_policy_allows_the_import_map_and_no_other_inline_script() throws Exception {
        String hash = Base64.getEncoder()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256").digest(importMap().getBytes(UTF_8)));

        assertThat(policy)
                .startsWith("default-src 'none';")
                .contains(
                        "script-src 'self' 'sha256-" + hash + "';",
                        "style-src 'self';",
                        "connect-src 'self';",
                        "frame-src blob:;")
                .contains("frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "*", "http");
        assertThat(page.replaceAll("<script type=\"importmap\">", ""))
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContainPattern("<style|\\sstyle=|\\son\\w+=");
    }

    @Test
    void bytes_may_come_from_the_nodes_and_another_node_makes_another_page() {
        ConsoleFiles.Page found = files.page(List.of("https://n1:7401", "https://n2:7401"));

        assertThat(found.policy())
                .contains(
                        "img-src 'self' data: https://n1:7401 https://n2:7401;",
                        "media-src 'self' https://n1:7401 https://n2:7401;",
                        "connect-src 'self' https://n1:7401 https://n2:7401;",
                        "script-src 'self' 'sha256-");
        assertThat(found.file().etag())
                .isNotEqualTo(files.page(List.of("https://n1:7401")).file().etag());
        assertThat(files.page(List.of()).file().etag())
                .isEqualTo(files.page(List.of()).file().etag());
    }

    @Test
    void nothing_comes_from_elsewhere() {
        found.forEach((path, bytes) -> {
            if (!path.startsWith("lib/")) {
                assertThat(new String(bytes, UTF_8).replace("http://www.w3.org/", ""))
                        .as(path)
                        .doesNotContain("https://", "http://");
            }
        });
        assertThat(page).doesNotContain("@folder@", "${");
    }

    @Test
    void no_template_has_an_inline_style_which_the_policy_would_drop() {
        found.forEach((path, bytes) -> {
            if (path.endsWith(".js") && !path.startsWith("lib/")) {
                assertThat(new String(bytes, UTF_8)).as(path).doesNotContainPattern("\\sstyle=|\\.innerHTML|styleMap");
            }
        });
    }

    @Test
    void every_text_that_is_used_exists_and_every_one_that_exists_is_used() {
        Map<String, String> own = new HashMap<>();
        found.forEach((path, bytes) -> {
            if (path.endsWith(".js") && !path.startsWith("lib/")) {
                own.put(path, new String(bytes, UTF_8));
            }
        });
        String asked = "\\bt\\('(\\w+\\.[\\w.-]+)'";
        String words = Objects.requireNonNull(own.remove("texts.js"));
        Set<String> texts = all("(?m)^ {2}'([\\w.-]+)':", words);
        String code = String.join("\n", own.values());
        Set<String> named = all("'(\\w+\\.[\\w.-]+)'", code);
        named.addAll(all(asked, words));
        // Names that are put together, as `tasks.${act}Sure`, and kinds of words that the server tells.
        List<Pattern> composed = Stream.concat(
                        all("\\bt\\(`([^`]+)`", code).stream()
                                .map(name -> name.replaceAll("\\$\\{[^}]+}", "\\\\E[\\\\w.-]+\\\\Q")),
                        all("\\bword\\('(\\w+)'", code).stream().map(kind -> kind + ".\\E[\\w-]+\\Q"))
                .map(name -> Pattern.compile("\\Q" + name + "\\E"))
                .toList();

        assertThat(texts).isNotEmpty().containsAll(all(asked, code));
        assertThat(texts)
                .allSatisfy(text -> assertThat(named.contains(text)
                                || composed.stream()
                                        .anyMatch(name -> name.matcher(text).matches()))
                        .as(text)
                        .isTrue());
        assertThat(composed).allSatisfy(name -> assertThat(texts).anyMatch(name.asMatchPredicate()));
    }

    private static Set<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void whatever_a_module_imports_is_there() {
        Map<String, String> mapped = new HashMap<>();
        var entry = MAPPED.matcher(importMap());
        while (entry.find()) {
            mapped.put(entry.group(1), entry.group(2));
        }
        String folder = "/console/" + files.version() + "/";
        assertThat(mapped.values()).allSatisfy(url -> assertThat(url).startsWith(folder));
        found.forEach((path, bytes) -> {
            if (!path.endsWith(".js")) {
                return;
            }
            var named = IMPORT.matcher(new String(bytes, UTF_8).replaceAll("(?m)^ *(\\*|//).*", ""));
            while (named.find()) {
                String target = named.group(1).startsWith(".")
                        ? Path.of(path)
                                .resolveSibling(named.group(1))
                                .normalize()
                                .toString()
                        : resolve(mapped, named.group(1)).substring(folder.length());
                assertThat(files.find(target))
                        .as("%s imports %s", path, named.group(1))
                        .isPresent();
            }
        });
    }

    @Test
    void whatever_the_page_names_is_there() {
        String folder = "/console/" + files.version() + "/";
        var named = Pattern.compile("(?:href|src)=\"([^\"]+)\"").matcher(page);
        assertThat(named.results().map(found -> found.group(1)).toList())
                .hasSizeGreaterThan(5)
                .allSatisfy(url -> {
                    assertThat(url).startsWith(folder);
                    assertThat(files.find(url.substring(folder.length())))
                            .as(url)
                            .isPresent();
                });
    }

    private static String resolve(Map<String, String> mapped, String name) {
        return mapped.entrySet().stream()
                .filter(entry ->
                        entry.getKey().endsWith("/") ? name.startsWith(entry.getKey()) : name.equals(entry.getKey()))
                .map(entry -> entry.getValue() + name.substring(entry.getKey().length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The import map does not know " + name));
    }

    @Test
    void all_of_it_stays_small_but_for_what_plots_are_drawn_with() {
        int compressed = files.page(List.of()).file().gzipped().length;
        for (String path : found.keySet()) {
            if (path.startsWith("lib/echarts/")) {
                continue;
            }
            compressed += files.find(path).map(file -> file.gzipped().length).orElse(0);
        }

        assertThat(compressed).isLessThan(MOST_COMPRESSED_BYTES);
    }

    @Test
    void other_contents_have_another_folder() {
        Map<String, byte[]> changed = new HashMap<>(found);
        changed.put("app.js", "changed".getBytes(UTF_8));

        assertThat(new ConsoleFiles(changed).version()).isNotEqualTo(files.version());
        assertThat(new ConsoleFiles(found).version()).isEqualTo(files.version());
    }

    @Test
    void compressed_bytes_are_the_same_bytes() throws IOException {
        ConsoleFiles.File script = files.find("app.js").orElseThrow();

        try (var in = new GZIPInputStream(new ByteArrayInputStream(script.gzipped()))) {
            assertThat(in.readAllBytes()).isEqualTo(script.plain());
        }
        assertThat(script.type()).startsWith("text/javascript");
    }

    @Test
    void without_a_page_or_its_import_map_there_is_no_console() {
        assertThatThrownBy(() -> new ConsoleFiles(Map.of())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new ConsoleFiles(Map.of("index.html", "<p>".getBytes(UTF_8))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("import map");
    }
}
