package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmTest {
    @TempDir
    Path folder;

    /** A cipher that only the quick compiler sees is 12 times slower, and nothing else tells of it. */
    @Test
    void ciphersAndDigestsGetTheOptimizingCompiler() throws IOException {
        Process java = new ProcessBuilder(
                        Jvm.java().toString(),
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+CompilerDirectivesPrint",
                        "-XX:CompilerDirectivesFile=" + Jvm.writeDirectives(folder),
                        "-version")
                .redirectErrorStream(true)
                .start();
        String directives = new String(java.getInputStream().readAllBytes(), UTF_8);
        int begin = directives.indexOf("com/sun/crypto/provider/*.*");
        String c2 = directives.substring(directives.indexOf("c2 directives:", begin));
        assertThat(c2.lines().skip(1).limit(2)).anyMatch(line -> line.contains("Enable:true Exclude:false"));
    }
}
