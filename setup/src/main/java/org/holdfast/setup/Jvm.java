package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** How the JVMs of a local cluster are tuned: eight of them share a small machine and should all be up in seconds. */
final class Jvm {
    /**
     * Who gets the optimizing compiler (C2): digests, ciphers, checksums (10 to 80 times slower without it), our own
     * code, and what every request goes through. What mostly runs at boot (class files, annotations, injection, XML)
     * stays with the quick compiler. CPU time until a node answers: 6.9 s with this list, 6.7 s with C2 for nobody, 10 s
     * when java/lang, java/util and Jersey are on it as well.
     */
    private static final List<String> OPTIMIZED = List.of(
            "java/nio/*.*",
            "java/util/zip/*.*",
            "sun/nio/*.*",
            "sun/security/provider/*.*",
            "sun/security/ssl/*.*",
            "com/sun/crypto/provider/*.*",
            "io/netty/*.*",
            "org/apache/activemq/*.*",
            "org/apache/catalina/*.*",
            "org/bouncycastle/*.*",
            "org/eclipse/persistence/*.*",
            "org/glassfish/grizzly/*.*",
            "org/holdfast/*.*",
            "org/mariadb/*.*");

    private static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

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
                // Forward secrecy and authenticated encryption only; the JDK would still offer CBC and 2048-bit groups.
                "-Djdk.tls.server.cipherSuites=" + String.join(",", CIPHER_SUITES),
                "-Djdk.tls.namedGroups=x25519,secp256r1,secp384r1",
                "-Djdk.tls.rejectClientInitiatedRenegotiation=true",
                "-Xshare:auto",
                "-Djava.awt.headless=true",
                "-Dfile.encoding=UTF-8",
                "-Duser.timezone=UTC");
    }

    /** Writes the compiler directives where the flags point to. */
    static Path writeDirectives(Path directory) {
        Path file = directory.resolve("compiler-directives.json");
        try {
            Files.writeString(file, directives(), UTF_8);
        } catch (IOException e) {
            throw Refusal.failed("cannot write " + file, e);
        }
        return file;
    }

    /** A directive counts only when it says something: with {@code c2: {}} the next one, which matches all, would. */
    private static String directives() {
        String patterns = OPTIMIZED.stream().map(one -> '"' + one + '"').collect(Collectors.joining(", "));
        return """
                [
                  { match: [%s], c1: { Exclude: false }, c2: { Exclude: false } },
                  { match: "*.*", c1: {}, c2: { Exclude: true } }
                ]
                """.formatted(patterns);
    }
}
