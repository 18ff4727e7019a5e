package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The files that a storage node keeps, as whoever has its disk in hand sees and damages them. */
record BlobFiles(Path data) {
    static BlobFiles of(TestCluster cluster, String node) {
        return new BlobFiles(cluster.data().resolve("nodes").resolve(node));
    }

    /** The committed blobs that have a byte or more, in order of their ids. */
    List<String> withBytes() {
        try (Stream<Path> files = Files.walk(data.resolve("blobs"))) {
            return files.filter(file -> !file.toString().endsWith(".json"))
                    .filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() > 0)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path bytes(String blob) {
        return data.resolve("blobs").resolve(blob.substring(blob.length() - 2)).resolve(blob);
    }

    Path sidecar(String blob) {
        return bytes(blob).resolveSibling(blob + ".json");
    }

    boolean has(String blob) {
        return Files.exists(bytes(blob));
    }

    /** Whether the blob is there with these bytes, be it committed already or not yet. */
    boolean holds(String blob, String sha256) {
        // In this order, since it moves from the first place to the second one.
        for (Path place : List.of(data.resolve("uncommitted").resolve(blob), bytes(blob))) {
            try {
                return Bytes.sha256(Files.readAllBytes(place)).equals(sha256);
            } catch (NoSuchFileException notHere) {
                // It may lie in the next place.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return false;
    }

    /** Waits until no node has any of these bytes on its disk, nor any that are still arriving. */
    static void awaitNoTraceOf(TestCluster cluster, String blob) {
        await().untilAsserted(() -> {
            try (Stream<Path> files = Files.walk(cluster.data().resolve("nodes"))) {
                assertThat(files.filter(Files::isRegularFile)
                                .map(Path::toString)
                                .filter(file -> file.contains("/" + blob) || file.contains("/incoming/")))
                        .isEmpty();
            } catch (IOException | UncheckedIOException e) {
                throw new AssertionError("a file went while it was looked at", e);
            }
        });
    }

    /** Why it is in quarantine; the empty text when it is not. */
    String quarantineReason(String name) {
        Path reason = data.resolve("quarantine").resolve(name + ".reason");
        try {
            return Files.exists(reason) ? Files.readString(reason, UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void flipABit(String blob) throws IOException {
        byte[] all = Files.readAllBytes(bytes(blob));
        all[all.length / 2] ^= 1;
        // In place, as a disk would do it.
        Files.write(bytes(blob), all, StandardOpenOption.WRITE);
    }

    void truncate(String blob) throws IOException {
        byte[] all = Files.readAllBytes(bytes(blob));
        Files.write(bytes(blob), java.util.Arrays.copyOf(all, all.length / 2));
    }

    void delete(String blob) throws IOException {
        Files.delete(bytes(blob));
    }

    void loseSidecar(String blob) throws IOException {
        Files.delete(sidecar(blob));
    }

    /** Bytes with a sidecar under an id of long ago that no catalog knows. */
    void plant(String blob, String like) throws IOException {
        Files.createDirectories(bytes(blob).resolveSibling(""));
        Files.copy(bytes(like), bytes(blob));
        Files.writeString(sidecar(blob), Files.readString(sidecar(like)).replace(like, blob));
    }

    /** Remembers a blob's bytes and sidecar, to put them back. */
    Runnable backup(String blob) throws IOException {
        byte[] bytes = Files.readAllBytes(bytes(blob));
        byte[] sidecar = Files.readAllBytes(sidecar(blob));
        return () -> {
            try {
                Files.write(sidecar(blob), sidecar);
                Files.write(bytes(blob), bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
