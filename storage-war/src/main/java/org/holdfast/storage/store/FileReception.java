package org.holdfast.storage.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.holdfast.contract.PutTerms;

/** A file in {@code incoming/} under a random name. */
final class FileReception implements Reception {
    private static final Logger LOG = System.getLogger(FileReception.class.getName());

    /** How far a stream of unknown length may run between two looks at the free space. */
    private static final long LOOK_EVERY_BYTES = 16L << 20;

    private final FileBlobStore store;
    private final Path bytes;
    private final Path card;
    private final FileChannel channel;
    private long writtenBytes;
    private long nextLookBytes = LOOK_EVERY_BYTES;

    FileReception(FileBlobStore store, Path incoming) throws IOException {
        this.store = store;
        String name = UUID.randomUUID().toString();
        this.bytes = incoming.resolve(name);
        this.card = incoming.resolve(name + BlobLayout.SIDECAR_SUFFIX);
        this.channel = PrivateFiles.open(bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void write(byte[] buffer, int length) {
        if (writtenBytes >= nextLookBytes) {
            store.requireRoom(length);
            nextLookBytes = writtenBytes + LOOK_EVERY_BYTES;
        }
        try {
            DurableFiles.writeFully(channel, ByteBuffer.wrap(buffer, 0, length));
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
        writtenBytes += length;
    }

    @Override
    public Landed land(Sidecar sidecar, Stage stage) {
        if (writtenBytes != sidecar.facts().sizeBytes()) {
            throw new IllegalStateException("landing " + sidecar.facts().sizeBytes() + " bytes after writing "
                    + writtenBytes + ": the caller has not verified them");
        }
        try {
            channel.force(false);
            channel.close();
            DurableFiles.writeNew(card, sidecar.toJson().toString().getBytes(StandardCharsets.UTF_8));
            return store.publish(bytes, card, sidecar, stage);
        } catch (IOException e) {
            throw DiskFailure.of(e);
        }
    }

    @Override
    public void keep(Beginnings.Key key, PutTerms.KeptShare most) {
        if (writtenBytes < Beginnings.LEAST_BYTES) {
            return;
        }
        try {
            channel.force(false);
            channel.close();
            store.beginnings().keep(bytes, key, most);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the beginning of an upload can't be kept", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            // What has landed or is kept has been renamed away, and nothing is there to delete.
            Files.deleteIfExists(bytes);
            Files.deleteIfExists(card);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "can't remove " + bytes + "; the next start will", e);
        }
    }
}
