package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What other users of the machine can read of a cluster that was started under {@code umask 000}. */
@Order(16)
@SharedCluster.Of
class PrivateFilesIT {
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

    /** Written before the start, with whatever mode. */
    private static final String BY_HAND = "settings";

    private final TestCluster cluster;

    PrivateFilesIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void nothingInTheDataDirectoryIsForOthers() throws IOException {
        cluster.http()
                .put(cluster.api("files", "admin/private"), Bytes.random(70_000, 16))
                .expect(201);
        Copies.awaitAll(cluster, "admin/private");
        var seen = new ArrayList<String>();
        var open = new ArrayList<String>();
        Files.walkFileTree(cluster.data(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                return visitFile(directory, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                // A socket of MariaDB's is for everybody by its make; its folder isn't.
                String name = cluster.data().relativize(file).toString();
                if (!name.equals(BY_HAND) && (attributes.isRegularFile() || attributes.isDirectory())) {
                    var mode = Files.exists(file) ? Files.getPosixFilePermissions(file) : OWNERS;
                    seen.add(name);
                    if (!OWNERS.containsAll(mode)) {
                        open.add(PosixFilePermissions.toString(mode) + " " + name);
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                // The cluster runs: files come and go.
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(open).isEmpty();
        for (String part : List.of("nodes/sn1/blobs/", "mariadb/", "broker/", "logs/m1.log", "run/", "secrets/")) {
            assertThat(seen).as(part).anyMatch(name -> name.startsWith(part));
        }
    }
}
