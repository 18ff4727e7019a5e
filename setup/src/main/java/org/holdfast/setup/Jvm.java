package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How the JVMs of a local cluster are tuned: eight of them share a small machine and should all be up in seconds. */
final class Jvm {
    /**
     * Who gets the optimizing compiler (C2) from the start. Everything else stays with the quick one (C1): that saves a
     * third of the CPU time of a boot. Digests, ciphers and CRCs would be 10 to 80 times slower without C2.
     */
    private static final String COMPILER_DIRECTIVES = """
            [
              {
                match: [
                  "sun/security/provider/*.*",
                  "sun/security/ssl/*.*",
                  "com/sun/crypto/provider/*.*",
                  "java/util/zip/*.*",
                  "java/security/*.*",
                  "javax/crypto/*.*",
                  "org/holdfast/*.*"
                ],
                c1: {},
                c2: {}
              },
              {
                match: "*.*",
                c1: {},
                c2: { Exclude: true }
              }
            ]
            """;

    private Jvm() {}

    /** The {@code java} program that runs this very process. */
    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * Flags for a small process: the serial collector (no threads of its own, 40 MiB less), a bounded heap, and a quick
     * end when memory runs out: a process that is half dead is worse than one that is reported dead.
     */
    static List<String> flags(int maxHeapMib, Path directives) {
        return List.of(
                "-XX:+UseSerialGC",
                "-Xmx" + maxHeapMib + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:CompilerDirectivesFile=" + directives,
                "-XX:CompileCommand=quiet",
                "-Xshare:auto",
                "-Djava.awt.headless=true",
                "-Dfile.encoding=UTF-8",
                "-Duser.timezone=UTC");
    }

    /** Writes the compiler directives where the flags point to. */
    static Path writeDirectives(Path directory) {
        Path file = directory.resolve("compiler-directives.json");
        try {
            Files.writeString(file, COMPILER_DIRECTIVES, UTF_8);
        } catch (IOException e) {
            throw Refusal.failed("cannot write " + file, e);
        }
        return file;
    }
}
