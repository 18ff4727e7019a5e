package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirTest {
    @TempDir
    Path temp;

    @Test
    void somebody_elses_directory_is_neither_used_nor_wiped() throws IOException {
        Path thesis = Files.writeString(temp.resolve("thesis.txt"), "years of work");
        assertThatThrownBy(() -> DataDir.open(temp)).hasMessageContaining("not a Holdfast data directory");
        assertThatThrownBy(() -> new DataDir(temp).wipe()).hasMessageContaining("not wiped");
        assertThat(thesis).hasContent("years of work");
    }

    @Test
    void wiping_leaves_an_empty_cluster_and_what_links_point_to() throws IOException {
        Path outside = Files.writeString(temp.resolve("outside.txt"), "stays");
        DataDir data = DataDir.open(temp.resolve("data"));
        Files.createDirectories(data.nodes().resolve("sn1/blobs"));
        Files.writeString(data.nodes().resolve("sn1/blobs/b"), "bytes");
        Files.createSymbolicLink(data.root().resolve("link"), outside);
        try (FileChannel lock = data.lock()) {
            data.wipe();
            assertThat(lock.isOpen()).isTrue();
        }
        assertThat(outside).hasContent("stays");
        try (Stream<Path> entries = Files.list(data.root())) {
            assertThat(entries.map(path -> String.valueOf(path.getFileName())))
                    .containsExactlyInAnyOrder("holdfast-data", "logs", "run", "nodes", "secrets");
        }
        assertThat(data.nodes()).isEmptyDirectory();
    }

    @Test
    void only_one_launcher_has_it_at_a_time() throws IOException {
        DataDir data = DataDir.open(temp.resolve("data"));
        try (FileChannel lock = data.lock()) {
            assertThat(lock.isOpen()).isTrue();
            assertThatThrownBy(data::lock).hasMessageContaining("runs already");
        }
        data.lock().close();
    }

    @Test
    void too_little_room_is_told_in_mebibytes() {
        DataDir data = DataDir.open(temp.resolve("data"));
        data.requireFreeBytes(1);
        assertThatThrownBy(() -> data.requireFreeBytes(Long.MAX_VALUE)).hasMessageContaining("MiB are free");
    }

    @Test
    void itAndItsPartsAreClosedToOtherUsersThoseOfAnEarlierVersionToo() throws IOException {
        Path root = Files.createDirectory(temp.resolve("data"));
        Files.writeString(root.resolve(DataDir.MARKER), "");
        for (Path old : List.of(root, root.resolve("mariadb"), root.resolve("logs"))) {
            Files.createDirectories(old);
            Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        DataDir data = DataDir.open(root);
        assertThat(List.of(root, data.mariaDb(), data.logs(), data.run(), data.nodes(), data.secrets()))
                .allSatisfy(directory -> assertThat(Files.getPosixFilePermissions(directory))
                        .isEqualTo(PosixFilePermissions.fromString("rwx------")));
    }

    @Test
    void looking_at_a_directory_that_is_not_there_makes_nothing() {
        DataDir data = DataDir.at(temp.resolve("not/there"));
        data.requireFreeBytes(1);
        assertThatThrownBy(() -> data.requireFreeBytes(Long.MAX_VALUE)).hasMessageContaining("MiB are free");
        assertThat(data.isMade()).isFalse();
        assertThat(temp).isEmptyDirectory();
        data.make();
        assertThat(DataDir.at(data.root()).isMade()).isTrue();
    }
}
