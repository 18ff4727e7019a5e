package org.holdfast.storage.store;

import java.nio.file.Path;
import org.holdfast.contract.BlobId;
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
                int end = Ulid.LENGTH;
                String outer = id.value().substring(end - 2 * FAN_OUT_CHARACTERS, end - FAN_OUT_CHARACTERS);
                String inner = id.value().substring(end - FAN_OUT_CHARACTERS);
                yield blobs().resolve(outer).resolve(inner);
            }
        };
    }

    Path blob(BlobId id, Stage stage) {
        return folder(id, stage).resolve(id.value());
    }

    Path sidecar(BlobId id, Stage stage) {
        return folder(id, stage).resolve(id.value() + SIDECAR_SUFFIX);
    }
}
