package org.holdfast.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.holdfast.contract.BlobId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is on the disk when a blob has landed: the JDK's flight recorder has an event for each sync of a file or folder. No
 * crash of a process shows one that is missing, only a loss of power would. Promotions are in {@link PowerCutTest}.
 */
class SyncsTest {
    private static final BlobId ID = new BlobId("01KJMZ2M00ABCDEFGHJKMNPQRS");

    @TempDir
    Path folder;

    @TempDir
    Path recordings;

    @Test
    void bytesSidecarAndThenTheirNamesAreSynced() throws IOException {
        var store = FileBlobStore.open(new StoreConfig(folder, 0));
        List<String> synced =
                recorded(() -> Samples.land(store, ID, Samples.bytes("x"), Stage.UNCOMMITTED, BlobStoreContract.CLOCK));
        assertThat(synced).hasSize(3);
        assertThat(synced.get(0)).matches("incoming/[^/.]+");
        assertThat(synced.get(1)).isEqualTo(synced.get(0) + ".json");
        assertThat(synced.get(2)).isEqualTo("uncommitted");
    }

    /** What was synced meanwhile, relative to the store, in order. */
    private List<String> recorded(Runnable work) throws IOException {
        Path file = recordings.resolve("syncs.jfr");
        try (var recording = new Recording()) {
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        Files.delete(file);
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("jdk.FileForce"))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .map(event -> Path.of(event.getString("path")))
                .filter(path -> path.startsWith(folder))
                .map(path -> folder.relativize(path).toString())
                .toList();
    }
}
