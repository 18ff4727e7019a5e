package org.holdfast.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The hard limits of the house for the sources of the whole checkout: 500 lines a file, 70 a method. */
class SourceSizeTest {
    private static final int MAX_FILE_LINES = 500;
    private static final int MAX_METHOD_LINES = 70;
    private static final Pattern METHOD = Pattern.compile("[^=\"]*\\w\\(.*");

    /** Nested types; the formatter writes them as it writes methods. */
    private static final Pattern TYPE = Pattern.compile(".*\\b(class|interface|enum|record|@interface) \\w.*");

    private static List<Path> sources() throws IOException {
        Path checkout = Path.of("").toAbsolutePath();
        while (!Files.exists(checkout.resolve("contract")) && checkout.getParent() != null) {
            checkout = checkout.getParent();
        }
        try (Stream<Path> files = Files.walk(checkout)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        }
    }

    @Test
    void filesStayShort() throws IOException {
        List<String> long_ = new ArrayList<>();
        for (Path file : sources()) {
            int lines = Files.readAllLines(file).size();
            if (lines > MAX_FILE_LINES) {
                long_.add(file + ": " + lines);
            }
        }
        assertThat(long_).isEmpty();
        assertThat(sources()).as("the whole checkout").hasSizeGreaterThan(100);
    }

    @Test
    void methodsStayShort() throws IOException {
        List<String> long_ = new ArrayList<>();
        for (Path file : sources()) {
            long_.addAll(longMethods(file.getFileName().toString(), Files.readAllLines(file)));
        }
        assertThat(long_).isEmpty();
    }

    @Test
    void aLongMethodIsFound() {
        var lines = new ArrayList<>(List.of("class A {", "    void a(", "            int b) {"));
        for (int i = 0; i < MAX_METHOD_LINES - 3; i++) {
            lines.add("        step();");
        }
        lines.add("    }");
        assertThat(longMethods("A", lines)).isEmpty();
        lines.add(3, "        step();");
        assertThat(longMethods("A", lines)).containsExactly("A:2: 71 lines");
        lines.set(0, "class A { // and a nested type is not a method");
        lines.set(1, "    static class B {");
        assertThat(longMethods("A", lines)).isEmpty();
    }

    /** Members whose body is closed at the indentation at which they begin. */
    private static List<String> longMethods(String name, List<String> lines) {
        List<String> found = new ArrayList<>();
        for (String indent : List.of("    ", "        ")) {
            int start = -1;
            boolean opened = false;
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).replaceFirst(" // .*", "");
                if (start < 0 && begins(line, indent)) {
                    start = i;
                    opened = false;
                }
                opened |= line.endsWith("{");
                boolean closed = opened && line.startsWith(indent + "}");
                int length = i - start + 1;
                if (start >= 0 && closed && line.equals(indent + "}") && length > MAX_METHOD_LINES) {
                    found.add(name + ":" + (start + 1) + ": " + length + " lines");
                }
                if (closed || (!opened && line.endsWith(";"))) {
                    start = -1;
                }
            }
        }
        return found;
    }

    private static boolean begins(String line, String indent) {
        return line.startsWith(indent)
                && line.length() > indent.length()
                && " */@}".indexOf(line.charAt(indent.length())) < 0
                && METHOD.matcher(line).matches()
                && !TYPE.matcher(line).matches();
    }
}
