package org.holdfast.storage.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.holdfast.contract.BlobId;

/**
 * Brings a data directory into order before it is used: what was still arriving is thrown away, a promotion that was cut is
 * brought to its end, a sidecar without its
 * blob (a crash between the two steps of a landing, a promotion or a removal) too, a file that should not be there is
 * put into quarantine, and all blobs are counted.
 */
final class TidyAfterCrash {
    private static final Logger LOG = System.getLogger(TidyAfterCrash.class.getName());

    private final BlobLayout layout;

    private final Quarantine quarantine;

    TidyAfterCrash(BlobLayout layout, Quarantine quarantine) {
        this.layout = layout;
        this.quarantine = quarantine;
    }

    /** Counts into {@code tally}, which is empty before. */
    void run(Tally tally) throws IOException {
        clearIncoming();
        endPromotions();
        tidy(layout.uncommitted(), tally);
        tidy(layout.blobs(), tally);
    }

    private void clearIncoming() throws IOException {
        try (var files = Files.newDirectoryStream(layout.incoming())) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /**
     * A promotion that was cut leaves one blob at both places. Where it is whole at its new one, that is made durable, as
     * the process may have died before it was, and the old names go; otherwise the new name goes.
     */
    private void endPromotions() throws IOException {
        try (var files = Files.newDirectoryStream(layout.uncommitted())) {
            for (Path file : files) {
                Optional<BlobId> id = BlobLayout.blobOf(file);
                if (id.isPresent() && Files.exists(layout.blob(id.get(), Stage.COMMITTED))) {
                    endPromotion(id.get());
                }
            }
        }
    }

    private void endPromotion(BlobId id) throws IOException {
        boolean isWhole = Files.exists(layout.sidecar(id, Stage.COMMITTED));
        if (isWhole) {
            DurableFiles.syncDirectory(layout.folder(id, Stage.COMMITTED));
        }
        Stage surplus = isWhole ? Stage.UNCOMMITTED : Stage.COMMITTED;
        Files.delete(layout.blob(id, surplus));
        Files.deleteIfExists(layout.sidecar(id, surplus));
        LOG.log(Level.INFO, "brought the promotion of {0} to an end, which a crash had cut", id);
    }

    private void tidy(Path stage, Tally tally) throws IOException {
        Files.walkFileTree(stage, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.toString().endsWith(BlobLayout.SIDECAR_SUFFIX)) {
                    dropOrphan(file);
                } else if (isBlob(file)) {
                    tally.add(attributes.size());
                } else {
                    setAside(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void dropOrphan(Path sidecar) throws IOException {
        String name = sidecar.getFileName().toString();
        String blob = name.substring(0, name.length() - BlobLayout.SIDECAR_SUFFIX.length());
        if (!Files.exists(sidecar.resolveSibling(blob))) {
            Files.delete(sidecar);
            LOG.log(Level.INFO, "removed {0}, which a crash had left without its blob", sidecar);
        }
    }

    private static boolean isBlob(Path file) {
        return BlobLayout.blobOf(file)
                .filter(id -> Files.exists(file.resolveSibling(id + BlobLayout.SIDECAR_SUFFIX)))
                .isPresent();
    }

    private void setAside(Path file) throws IOException {
        quarantine.take(file, "At a start of the node it lay among the blobs and was no blob with a sidecar.");
    }
}
