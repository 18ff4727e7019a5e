package org.holdfast.storage.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ulid;

/**
 * Which file is where; see the package's page.
 *
 * @param root the data directory
 */
record BlobLayout(Path root) {
    static final String SIDECAR_SUFFIX = ".json";
    private static final int FAN_OUT_CHARACTERS = 2;

    Path incoming() {
        return root.resolve("incoming");
    }

    Path begun() {
        return root.resolve("begun");
    }

    Path uncommitted() {
        return root.resolve("uncommitted");
    }

    Path blobs() {
        return root.resolve("blobs");
    }

    Path quarantine() {
        return root.resolve("quarantine");
    }

    /** The folder of a blob within a stage. */
    Path folder(BlobId id, Stage stage) {
        return switch (stage) {
            case UNCOMMITTED -> uncommitted();
            case COMMITTED -> {
                // The last characters are random; the first ones would put all blobs of a day into one folder.
                String fan = id.value().substring(Ulid.LENGTH - FAN_OUT_CHARACTERS);
                yield blobs().resolve(fan);
            }
        };
    }

    /** The folders of committed blobs: 1024, so that a million blobs make folders of a thousand. */
    List<Path> fan() {
        List<Path> folders = new ArrayList<>();
        for (char first : Ulid.ALPHABET.toCharArray()) {
            for (char second : Ulid.ALPHABET.toCharArray()) {
                folders.add(blobs().resolve("" + first + second));
            }
        }
        return folders;
    }

    /** The blob that a file is named after; empty for any other file. */
    static Optional<BlobId> blobOf(Path file) {
        try {
            return Optional.of(new BlobId(String.valueOf(file.getFileName())));
        } catch (HoldfastException e) {
            return Optional.empty();
        }
    }

    Path blob(BlobId id, Stage stage) {
        return folder(id, stage).resolve(id.value());
    }

    Path sidecar(BlobId id, Stage stage) {
        return folder(id, stage).resolve(id.value() + SIDECAR_SUFFIX);
    }
}
