package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that says what is defended against names tests that exist. */
class SecurityPageTest {
    /** Of the module, in which Maven runs its tests. */
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern CITED = Pattern.compile("`(\\w+(?:Test|IT))#(\\w+)`");

    @Test
    void everyTestThatItNamesExists() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : new String[] {
            "contract", "db", "master-war", "replicator-worker", "setup", "storage-war", "system-tests"
        }) {
            try (Stream<Path> files = Files.walk(CHECKOUT.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    sources.merge(file.getFileName().toString(), Files.readString(file), String::concat);
                }
            }
        }
        var page = CITED.matcher(Files.readString(CHECKOUT.resolve("docs/operations/security.md")));
        int cited = 0;
        while (page.find()) {
            cited++;
            assertThat(sources.getOrDefault(page.group(1) + ".java", ""))
                    .as(page.group())
                    .containsPattern("void " + page.group(2) + "\\(");
        }
        assertThat(cited).isGreaterThan(40);
    }
}
