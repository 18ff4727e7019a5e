package org.holdfast.storage.cluster;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.storage.store.DurableFiles;

/**
 * What the node remembers between two runs, {@code node.json} in its data directory, readable by its owner only.
 *
 * @param diskUuid identity of the data directory, made when it was first used
 * @param name the node that the directory belongs to
 * @param keys lines of {@link org.holdfast.contract.MemberKeys}; secret; empty before the first join. Earlier releases
 *     kept the cluster's one key here, which opens nothing any more: the node joins anew by its token and gets its own
 * @param masters base URLs, empty before the first join
 */
record NodeRecord(UUID diskUuid, String name, List<String> keys, List<String> masters) {
    NodeRecord {
        keys = List.copyOf(keys);
        masters = List.copyOf(masters);
    }

    /**
     * Reads the record of a data directory, or begins a new one.
     *
     * @param scheme by which members talk to each other now
     * @throws HoldfastException CONFLICT when the directory belongs to another node, UNAVAILABLE when it can't be read
     */
    static NodeRecord open(Path file, String name, String scheme) {
        try {
            if (!Files.exists(file)) {
                var fresh = new NodeRecord(UUID.randomUUID(), name, List.of(), List.of());
                fresh.save(file);
                return fresh;
            }
            NodeRecord known = read(file);
            if (!known.name.equals(name)) {
                throw HoldfastException.of(
                        FailureKind.CONFLICT,
                        "conflict",
                        "The data directory of " + file + " belongs to the node " + known.name + ", not to " + name
                                + ".");
            }
            NodeRecord now = known.speaking(scheme);
            if (!now.equals(known)) {
                now.save(file);
            }
            return now;
        } catch (IOException | JsonException | ClassCastException | NullPointerException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * The identity of the disk that a data directory is on now.
     *
     * @throws HoldfastException UNAVAILABLE when it can't be read
     */
    static UUID diskUuidIn(Path file) {
        try {
            return read(file).diskUuid;
        } catch (IOException | JsonException | ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw unreadable(file, e);
        }
    }

    private static HoldfastException unreadable(Path file, Exception cause) {
        return HoldfastException.of(
                FailureKind.UNAVAILABLE, "unavailable", "The node's record " + file + " can't be read.", cause);
    }

    NodeRecord joined(List<String> newKeys, List<String> newMasters) {
        return new NodeRecord(diskUuid, name, newKeys, newMasters);
    }

    /**
     * The same with masters by this scheme: a cluster that has gone from plain text to TLS, or back, keeps its addresses
     * but for it, and a join token must never be sent to one of the other kind.
     */
    private NodeRecord speaking(String scheme) {
        return new NodeRecord(
                diskUuid,
                name,
                keys,
                masters.stream()
                        .map(url -> url.replaceFirst("^https?:", scheme + ":"))
                        .toList());
    }

    void save(Path file) throws IOException {
        var json = JsonText.object()
                .add("diskUuid", diskUuid.toString())
                .add("name", name)
                .add("keys", JsonText.array(keys))
                .add("masters", JsonText.array(masters))
                .build();
        DurableFiles.replace(file, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static NodeRecord read(Path file) throws IOException {
        try (var in = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                var reader = JsonText.reader(in)) {
            JsonObject json = reader.readObject();
            return new NodeRecord(
                    UUID.fromString(json.getString("diskUuid")),
                    json.getString("name"),
                    json.getJsonArray("keys").getValuesAs(JsonString::getString),
                    json.getJsonArray("masters").getValuesAs(JsonString::getString));
        }
    }

    @Override
    public String toString() {
        return "NodeRecord[diskUuid=" + diskUuid + ", name=" + name + ", masters=" + masters + "]";
    }
}
