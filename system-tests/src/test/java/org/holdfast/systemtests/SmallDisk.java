package org.holdfast.systemtests;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own that runs full when so many bytes are on it (ENOSPC). Mounting takes root's rights. */
record SmallDisk(Path path, boolean isMounted) implements Closeable {
    static SmallDisk mount(Path path, int megabytes) throws IOException {
        Files.createDirectories(path);
        Program mount = Program.of(
                TestCluster.SCRATCH, "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", path.toString());
        return new SmallDisk(path, mount.run().exitCode() == 0);
    }

    @Override
    public void close() {
        if (isMounted) {
            Program.of(TestCluster.SCRATCH, "umount", "-l", path.toString()).run();
        }
    }
}
