package org.holdfast.times;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A JVM that a test starts as a child of its own. */
final class ChildJvm {
    private ChildJvm() {}

    /**
     * Nobody hears what it says.
     *
     * @param main a class that needs nothing but this folder's classes and the JDK
     */
    static Process start(Class<?> main, String... arguments) throws IOException {
        return new ProcessBuilder(Stream.concat(command(main).stream(), Stream.of(arguments))
                        .toList())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    static List<String> command(Class<?> main) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        URI classes = URI.create(
                main.getProtectionDomain().getCodeSource().getLocation().toString());
        return List.of(java, "-cp", Path.of(classes).toString(), main.getName());
    }

    /** Lives until its standard input ends. */
    static final class Waiting {
        public static void main(String[] args) throws IOException {
            System.in.transferTo(System.out);
        }
    }
}
