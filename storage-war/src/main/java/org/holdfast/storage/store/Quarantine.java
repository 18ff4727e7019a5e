package org.holdfast.storage.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that nobody is served and that a person may look at: under the name that they had, with their sidecar where they
 * had one, and with one sentence in {@code NAME.reason}, whose time is the beginning of the quarantine. A later one of
 * the same name takes the place of an earlier one. Thread-safe.
 */
public final class Quarantine {
    private static final Logger LOG = System.getLogger(Quarantine.class.getName());
    private static final String REASON_SUFFIX = ".reason";

    private final Path directory;

    Quarantine(Path directory) {
        this.directory = directory;
    }

    /** Moves a file here; its reason first, so that nothing ever lies here without one. */
    void take(Path file, String reason) throws IOException {
        Path target = directory.resolve(file.getFileName());
        Path why = directory.resolve(file.getFileName() + REASON_SUFFIX);
        Files.deleteIfExists(why);
        DurableFiles.writeNew(why, (reason + "\n").getBytes(StandardCharsets.UTF_8));
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableFiles.syncDirectory(directory);
        LOG.log(Level.WARNING, "{0} is in quarantine: {1}", file, reason);
    }

    /** As {@link #take(Path, String)}, with the sidecar if it is there. */
    void take(Path file, Path sidecar, String reason) throws IOException {
        if (Files.exists(sidecar)) {
            Files.copy(sidecar, directory.resolve(sidecar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        take(file, reason);
        Files.deleteIfExists(sidecar);
    }

    /** How many files are here, sidecars and reasons not counted. Reads the folder. */
    public int count() {
        try {
            return reasons().size();
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    /** Removes for ever what came here before this moment. Returns how many files, sidecars and reasons not counted. */
    public int removeOlderThan(Instant moment) {
        int removed = 0;
        try {
            for (Path reason : reasons()) {
                if (Files.getLastModifiedTime(reason).toInstant().isBefore(moment)) {
                    String name = reason.getFileName().toString();
                    Path file = reason.resolveSibling(name.substring(0, name.length() - REASON_SUFFIX.length()));
                    Files.deleteIfExists(file);
                    Files.deleteIfExists(file.resolveSibling(file.getFileName() + BlobLayout.SIDECAR_SUFFIX));
                    Files.delete(reason);
                    removed++;
                }
            }
            return removed;
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    private List<Path> reasons() throws IOException {
        List<Path> found = new ArrayList<>();
        try (var files = Files.newDirectoryStream(directory, "*" + REASON_SUFFIX)) {
            files.forEach(found::add);
        }
        return found;
    }
}
