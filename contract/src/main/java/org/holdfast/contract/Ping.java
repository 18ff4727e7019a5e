package org.holdfast.contract;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * The leading master's heartbeat to a storage node ({@code POST /internal/v1/ping}); the node answers with its {@link
 * NodeReport}. A node refuses one with a smaller token than it has seen (409 {@code stale-leader}).
 *
 * @param leader who asks
 * @param now the leader's time
 * @param headSeq number of the catalog's last change; 0 for none
 * @param cluster who else is there
 * @param bandwidthBytesPerSecond most that workers may copy from and to this node; empty for no cap
 */
public record Ping(Leader leader, Instant now, long headSeq, Cluster cluster, Optional<Long> bandwidthBytesPerSecond) {
    /**
     * A leading master.
     *
     * @param name its name
     * @param token its fencing token: a later leader has a larger one
     */
    public record Leader(String name, long token) {}

    /**
     * The other members.
     *
     * @param masters base URLs of all masters
     * @param peers all storage nodes, the one that is asked included
     * @param keyIds names of the keys that masters have, the one that they sign with first; a node that has others asks for
     *     its own anew
     * @param removed whose certificates are refused
     */
    public record Cluster(List<String> masters, List<Peer> peers, List<String> keyIds, RemovedMembers removed) {
        public Cluster {
            masters = List.copyOf(masters);
            peers = List.copyOf(peers);
            keyIds = List.copyOf(keyIds);
        }

        /** A cluster that nobody was removed from. */
        public Cluster(List<String> masters, List<Peer> peers, List<String> keyIds) {
            this(masters, peers, keyIds, RemovedMembers.NONE);
        }
    }

    /**
     * A storage node as the leader sees it.
     *
     * @param name its name
     * @param url base URL for members
     * @param status lower-case word, for people
     * @param canRead whether files are read from it now
     */
    public record Peer(String name, String url, String status, boolean canRead) {
        public JsonObject toJson() {
            return JsonText.object()
                    .add("name", name)
                    .add("url", url)
                    .add("status", status)
                    .add("canRead", canRead)
                    .build();
        }

        static Peer fromJson(JsonObject json) {
            return new Peer(
                    json.getString("name"),
                    json.getString("url"),
                    json.getString("status"),
                    json.getBoolean("canRead"));
        }
    }

    public JsonObject toJson() {
        var json = JsonText.object()
                .add("leader", leader.name)
                .add("token", leader.token)
                .add("now", now.toString())
                .add("headSeq", headSeq)
                .add("masters", JsonText.array(cluster.masters))
                .add(
                        "peers",
                        JsonText.array(cluster.peers.stream().map(Peer::toJson).toList()))
                .add("keys", JsonText.array(cluster.keyIds))
                .add("removed", cluster.removed.toJson());
        bandwidthBytesPerSecond.ifPresent(bytes -> json.add("bandwidthBytesPerSecond", bytes));
        return json.build();
    }

    /**
     * Reads one.
     *
     * @throws HoldfastException INVALID {@code invalid-parameter}
     */
    public static Ping fromJson(JsonObject json) {
        try {
            return new Ping(
                    new Leader(
                            json.getString("leader"),
                            json.getJsonNumber("token").longValueExact()),
                    Instant.parse(json.getString("now")),
                    json.getJsonNumber("headSeq").longValueExact(),
                    new Cluster(
                            json.getJsonArray("masters").getValuesAs(JsonString::getString),
                            json.getJsonArray("peers").getValuesAs(JsonObject.class).stream()
                                    .map(Peer::fromJson)
                                    .toList(),
                            json.getJsonArray("keys").getValuesAs(JsonString::getString),
                            // A master of a release before does not tell.
                            json.containsKey("removed")
                                    ? RemovedMembers.fromJson(json.getJsonObject("removed"))
                                    : RemovedMembers.NONE),
                    json.containsKey("bandwidthBytesPerSecond")
                            ? Optional.of(json.getJsonNumber("bandwidthBytesPerSecond")
                                    .longValueExact())
                            : Optional.empty());
        } catch (NullPointerException | ClassCastException | ArithmeticException | DateTimeParseException e) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "The body is not a heartbeat.", e);
        }
    }
}
