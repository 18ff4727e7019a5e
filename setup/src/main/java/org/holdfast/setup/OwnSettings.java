package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings that a person wrote into the file {@value DataDir#SETTINGS} of the data directory: one {@code name=value} a
 * line, for all components, or {@code sn2:name=value} for one. Empty lines and those that begin with {@code #} say
 * nothing.
 */
final class OwnSettings {
    private static final Pattern LINE = Pattern.compile("(?:([a-z0-9]+):)?(holdfast\\.[a-z0-9.-]+)=(.*)");

    /** Heap of a component in MiB: the launcher's own setting, the component gets it as a flag. */
    static final String HEAP = "holdfast.jvm.heap-mib";

    private OwnSettings() {}

    /** Takes the heap out of a component's settings; the usual one where none is set. */
    static int takeHeapMib(Map<String, String> settings, int usualMib) {
        String told = settings.remove(HEAP);
        if (told == null) {
            return usualMib;
        }
        if (!told.matches("[1-9][0-9]{1,5}")) {
            throw Refusal.failed("the setting " + HEAP + " is not a number of MiB from 10: " + told);
        }
        return Integer.parseInt(told);
    }

    /**
     * What the file says for a component; its own lines win over those for all. Read at each start of a component.
     *
     * @throws Refusal for a line that is not a setting
     */
    static Map<String, String> of(DataDir data, String component) {
        Path file = data.settings();
        Map<String, String> settings = new LinkedHashMap<>();
        Map<String, String> forOne = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return settings;
        }
        try {
            List<String> lines = Files.readAllLines(file, UTF_8);
            for (int number = 1; number <= lines.size(); number++) {
                String line = lines.get(number - 1).strip();
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    throw Refusal.failed("line " + number + " of " + file + " is not like holdfast.name=value");
                }
                if (matcher.group(1) == null) {
                    settings.put(matcher.group(2), matcher.group(3));
                } else if (matcher.group(1).equals(component)) {
                    forOne.put(matcher.group(2), matcher.group(3));
                }
            }
        } catch (IOException e) {
            throw Refusal.failed("cannot read " + file, e);
        }
        settings.putAll(forOne);
        return settings;
    }
}
