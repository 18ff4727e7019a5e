package org.holdfast.setup;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Puts a child into a session of its own. Ctrl-C in a terminal reaches every process of the foreground group at once;
 * the components are to be ended by the launcher, in order.
 */
final class OwnSession {
    private static final List<String> PREFIX = find();

    private OwnSession() {}

    /** What to put before a command; it keeps the pid. Empty where the system has no program for it. */
    static List<String> prefix() {
        return PREFIX;
    }

    private static List<String> find() {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        for (String folder : path.split(Pattern.quote(File.pathSeparator), -1)) {
            if (Files.isExecutable(Path.of(folder, "setsid"))) {
                return List.of(folder + "/setsid");
            }
        }
        Path perl = Path.of("/usr/bin/perl");
        return Files.isExecutable(perl)
                ? List.of(perl.toString(), "-e", "use POSIX; POSIX::setsid(); exec @ARGV or exit 127")
                : List.of();
    }
}
