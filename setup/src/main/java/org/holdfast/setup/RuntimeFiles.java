package org.holdfast.setup;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;

/** Where unpacked programs live: beside this module's build, so that every cluster and every test shares them. */
final class RuntimeFiles {
    private RuntimeFiles() {}

    /** {@code setup/target/runtime}; the user's cache folder when this class does not lie in such a place. */
    static Path directory() {
        Path module = location().getParent();
        if (module != null && Files.isWritable(module)) {
            return module.resolve("runtime");
        }
        return Path.of(System.getProperty("user.home"), ".cache", "holdfast");
    }

    /** The jar or the classes folder that this class came from. */
    static Path location() {
        CodeSource source = RuntimeFiles.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw Refusal.failed("the launcher does not know where it was loaded from");
        }
        try {
            return Path.of(source.getLocation().toURI()).toAbsolutePath();
        } catch (URISyntaxException e) {
            throw Refusal.failed("odd location of the launcher", e);
        }
    }

    /** Gives the finished {@code draft} its name; if another process was faster, its work is taken. */
    static void publish(Path draft, Path finished) throws IOException {
        try {
            Files.move(draft, finished, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(finished)) {
                throw e;
            }
            DataDir.deleteTree(draft);
        }
    }
}
