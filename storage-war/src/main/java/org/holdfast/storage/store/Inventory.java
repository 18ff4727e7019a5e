package org.holdfast.storage.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.InventoryPage;

/**
 * Lists the committed blobs folder by folder, so that no more than the names of one folder are in memory: the order is
 * that of the last two characters, then of the whole id.
 */
final class Inventory {
    private final BlobLayout layout;
    private final Quarantine quarantine;
    private final Looking looking;

    /** Finds a blob by its id; empty when its sidecar is lost. */
    interface Looking {
        Optional<StoredBlob> look(BlobId id) throws IOException;
    }

    Inventory(BlobLayout layout, Quarantine quarantine, Looking looking) {
        this.layout = layout;
        this.quarantine = quarantine;
        this.looking = looking;
    }

    InventoryPage page(Optional<BlobId> after, int limit) throws IOException {
        List<InventoryPage.Item> items = new ArrayList<>();
        List<String> strangers = new ArrayList<>();
        Path begin = after.map(id -> layout.folder(id, Stage.COMMITTED)).orElse(layout.blobs());
        for (Path folder : layout.fan()) {
            if (folder.compareTo(begin) < 0) {
                continue;
            }
            for (BlobId id : blobs(folder, strangers, limit)) {
                boolean isBefore = after.isPresent()
                        && folder.equals(begin)
                        && id.value().compareTo(after.get().value()) <= 0;
                if (!isBefore) {
                    item(id).ifPresent(items::add);
                }
                if (items.size() + strangers.size() >= limit) {
                    return new InventoryPage(items, strangers, Optional.of(id));
                }
            }
        }
        return new InventoryPage(items, strangers, Optional.empty());
    }

    private SortedSet<BlobId> blobs(Path folder, List<String> strangers, int limit) throws IOException {
        var ids = new TreeSet<BlobId>(java.util.Comparator.comparing(BlobId::value));
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(BlobLayout.SIDECAR_SUFFIX) || !Files.isRegularFile(file)) {
                    continue;
                }
                var id = BlobLayout.blobOf(file)
                        .filter(blob -> layout.blob(blob, Stage.COMMITTED).equals(file));
                if (id.isPresent()) {
                    ids.add(id.get());
                } else if (strangers.size() < limit) {
                    quarantine.take(file, "It lay among the blobs and is none.");
                    strangers.add(name);
                }
            }
        }
        return ids;
    }

    /** Empty when the blob has gone since the folder was read. */
    private Optional<InventoryPage.Item> item(BlobId id) throws IOException {
        Optional<StoredBlob> stored = looking.look(id);
        if (stored.isPresent()) {
            return Optional.of(new InventoryPage.Item(
                    id, stored.get().actualSizeBytes(), stored.get().isWhole()));
        }
        Path bare = layout.blob(id, Stage.COMMITTED);
        return Files.exists(bare) ? Optional.of(new InventoryPage.Item(id, Files.size(bare), false)) : Optional.empty();
    }
}
