package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The command line of a running process. */
final class CommandLine {
    private CommandLine() {}

    /**
     * Arguments separated by single spaces; empty when the system does not tell. Linux is asked through {@code /proc},
     * for the JDK forgets the arguments of a command line longer than a page, and a JVM's often is.
     */
    static String of(ProcessHandle process) {
        Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        if (Files.isReadable(file)) {
            try {
                return new String(Files.readAllBytes(file), UTF_8).replace('\0', ' ');
            } catch (IOException e) {
                // It ended between the two calls.
                return "";
            }
        }
        ProcessHandle.Info info = process.info();
        return info.commandLine()
                .orElse(info.command().orElse("") + " "
                        + String.join(" ", info.arguments().orElse(new String[0])));
    }
}
