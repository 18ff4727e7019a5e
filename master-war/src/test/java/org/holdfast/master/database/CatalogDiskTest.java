package org.holdfast.master.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.holdfast.contract.HoldfastException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogDiskTest {
    @TempDir
    Path directory;

    @Test
    void theDirectorysDiskIsLookedAt() {
        var disk = CatalogDisk.of(directory, 1);
        CatalogDisk.Room room = disk.room().orElseThrow();
        assertThat(room.freeBytes()).isPositive().isLessThanOrEqualTo(room.totalBytes());
        disk.requireRoom();
        var reserved = CatalogDisk.of(directory, Long.MAX_VALUE);
        assertThat(reserved.isFull()).isTrue();
        assertThatThrownBy(reserved::requireRoom).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.code()).isEqualTo("catalog-full");
            assertThat(e.retryAfter()).isPresent();
        });
    }

    @Test
    void aDirectoryThatIsNotThereIsAMistakeOfTheSettings() {
        Path nowhere = directory.resolve("nowhere");
        assertThatThrownBy(() -> CatalogDisk.of(nowhere, 1))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void whatNobodyKnowsRefusesNothing() {
        new CatalogDisk(Optional::empty, Long.MAX_VALUE).requireRoom();
    }
}
