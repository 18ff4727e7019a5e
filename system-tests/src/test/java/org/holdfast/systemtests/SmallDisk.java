package org.holdfast.systemtests;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own that runs full when so many bytes are on it (ENOSPC). Mounting takes root's rights. */
record SmallDisk(Path path, boolean isMounted) implements Closeable {
    private static final int BLOCK_BYTES = 1 << 20;

    static SmallDisk mount(Path path, int megabytes) throws IOException {
        Files.createDirectories(path);
        Program mount = Program.of(
                TestCluster.SCRATCH, "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", path.toString());
        return new SmallDisk(path, mount.run().exitCode() == 0);
    }

    /** One that was mounted there before. */
    static SmallDisk at(Path path) throws IOException {
        boolean isOwn = !Files.getFileStore(path).equals(Files.getFileStore(path.resolveSibling(".")));
        return new SmallDisk(path, isOwn);
    }

    /** Takes all the room that is left, until {@link #makeRoom}; does nothing to a disk that is not its own. */
    void fill() throws IOException {
        if (!isMounted) {
            return;
        }
        byte[] bytes = new byte[BLOCK_BYTES];
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            System.getLogger(SmallDisk.class.getName())
                    .log(System.Logger.Level.INFO, "The disk is full: {0}", e.getMessage());
        }
    }

    void makeRoom() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return path.resolve("filler");
    }

    @Override
    public void close() {
        if (isMounted) {
            Program.of(TestCluster.SCRATCH, "umount", "-l", path.toString()).run();
        }
    }
}
