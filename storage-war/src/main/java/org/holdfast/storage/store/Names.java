package org.holdfast.storage.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a promotion does to names in directories; a seam for the test that cuts the power between any two steps. */
interface Names {
    /** Gives a file a second name, in place of what has it. */
    void link(Path name, Path file) throws IOException;

    /** Takes a name away where it is there. */
    void unlink(Path name) throws IOException;

    /** Makes what was done in a directory durable. */
    void sync(Path directory) throws IOException;

    /** Those of the disk. */
    Names ON_DISK = new Names() {
        @Override
        public void link(Path name, Path file) throws IOException {
            Files.deleteIfExists(name);
            Files.createLink(name, file);
        }

        @Override
        public void unlink(Path name) throws IOException {
            Files.deleteIfExists(name);
        }

        @Override
        public void sync(Path directory) throws IOException {
            DurableFiles.syncDirectory(directory);
        }
    };
}
