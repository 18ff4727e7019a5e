package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/operations/settings.md has every setting that the code reads, none else, and the defaults that the code states. */
class SettingsPageTest {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES =
            List.of("contract", "syslog", "master-war", "storage-war", "replicator-worker", "setup");

    /** Names of queues, and what the launcher and its processes say to each other. */
    private static final Set<String> OTHERS = Set.of(
            "holdfast.tasks.urgent",
            "holdfast.tasks.normal",
            "holdfast.tasks.background",
            "holdfast.results",
            "holdfast.progress",
            "holdfast.dead",
            "holdfast.control",
            "holdfast.members",
            "holdfast.checkout",
            "holdfast.data",
            "holdfast.archives.record",
            "holdfast.broker.data",
            "holdfast.broker.host",
            "holdfast.broker.port",
            "holdfast.broker.tls");

    private static final Pattern NAME = Pattern.compile("\"(holdfast\\.[a-z0-9.-]*[a-z0-9])\"");
    private static final Pattern DEFAULT =
            Pattern.compile(NAME.pattern() + "\\s*,\\s*(?:Duration\\.of(\\w+)\\((\\d+)\\)|([\\d_]+)\\b|\"([^\"]*)\")");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(holdfast\\.[a-z0-9.-]+)`( ✓)? \\| ([^|]*) \\|", Pattern.MULTILINE);

    @Test
    void thePageHasEverySettingAndNoOther() throws IOException {
        Set<String> read = new TreeSet<>();
        for (String source : sources()) {
            NAME.matcher(source).results().map(found -> found.group(1)).forEach(read::add);
        }
        read.removeAll(OTHERS);
        assertThat(page().keySet()).containsExactlyElementsOf(read);
    }

    @Test
    void thePageHasTheDefaultsThatTheCodeStates() throws IOException {
        Map<String, String> page = page();
        int compared = 0;
        for (String source : sources()) {
            Matcher matcher = DEFAULT.matcher(source);
            while (matcher.find()) {
                String row = page.get(matcher.group(1));
                if (row != null) {
                    assertThat(plain(row)).as(matcher.group()).isEqualTo(stated(matcher));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(25);
    }

    private static Map<String, String> page() throws IOException {
        var rows = new TreeMap<String, String>();
        for (MatchResult row : ROW.matcher(Files.readString(CHECKOUT.resolve("docs/operations/settings.md")))
                .results()
                .toList()) {
            assertThat(rows.put(row.group(1), row.group(3))).as(row.group(1)).isNull();
        }
        return rows;
    }

    /** A duration in its one form, a number without commas. */
    private static String plain(String cell) {
        String text = cell.replace("`", "").replace(",", "");
        return text.matches("P[\\dDTHMS.]+") ? Duration.parse(text).toString() : text;
    }

    private static String stated(MatchResult found) {
        if (found.group(2) != null) {
            long count = Long.parseLong(found.group(3));
            return switch (found.group(2)) {
                case "Millis" -> Duration.ofMillis(count).toString();
                case "Seconds" -> Duration.ofSeconds(count).toString();
                case "Minutes" -> Duration.ofMinutes(count).toString();
                case "Hours" -> Duration.ofHours(count).toString();
                default -> Duration.ofDays(count).toString();
            };
        }
        return found.group(4) != null ? found.group(4).replace("_", "") : plain(found.group(5));
    }

    private static List<String> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> walk = Files.walk(CHECKOUT.resolve(module).resolve("src/main/java"))) {
                walk.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        var texts = new ArrayList<String>();
        for (Path file : files) {
            texts.add(Files.readString(file));
        }
        return texts;
    }
}
