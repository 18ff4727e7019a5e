package org.holdfast.contract;

import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * What a storage node says of itself: its answer to a {@link Ping}, and a part of its {@link JoinRequest}.
 *
 * @param name the node's name
 * @param diskUuid identity of its data directory, made when the directory was first used
 * @param room how much it keeps and can still take
 * @param state how it is
 * @param traffic what it has carried for clients; empty of a node of a release that did not tell
 */
public record NodeReport(String name, String diskUuid, Room room, State state, Optional<Traffic> traffic) {
    /**
     * Room on a node.
     *
     * @param capacityBytes size of the file system that holds the data directory
     * @param usedBytes sum of the blobs' sizes
     * @param freeBytes what can still be taken, the reserve excluded; 0 or more
     */
    public record Room(long capacityBytes, long usedBytes, long freeBytes) {}

    /**
     * How a node is.
     *
     * @param bootId made at random at each start of the process: another one means that the node was away
     * @param appliedSeq number of the last change of the catalog that it has applied; 0 for none
     * @param diskFault what is wrong with its disk, one sentence; a full disk is none
     * @param diskCheckedMillisAgo how long ago its disk was last looked at
     */
    public record State(String bootId, long appliedSeq, Optional<String> diskFault, long diskCheckedMillisAgo) {}

    /**
     * What a node has carried for clients since its process was started; workers' copying is not in it.
     *
     * @param puts uploads begun
     * @param gets downloads begun, parts of files among them
     * @param putBytes bytes of bodies taken in
     * @param getBytes bytes of bodies sent
     */
    public record Traffic(long puts, long gets, long putBytes, long getBytes) {
        public static final Traffic NONE = new Traffic(0, 0, 0, 0);

        public Traffic plus(Traffic other) {
            return new Traffic(
                    puts + other.puts, gets + other.gets, putBytes + other.putBytes, getBytes + other.getBytes);
        }

        public Traffic minus(Traffic other) {
            return plus(new Traffic(-other.puts, -other.gets, -other.putBytes, -other.getBytes));
        }
    }

    public JsonObject toJson() {
        var json = JsonText.object()
                .add("name", name)
                .add("diskUuid", diskUuid)
                .add("capacityBytes", room.capacityBytes)
                .add("usedBytes", room.usedBytes)
                .add("freeBytes", room.freeBytes)
                .add("bootId", state.bootId)
                .add("appliedSeq", state.appliedSeq)
                .add("diskCheckedMillisAgo", state.diskCheckedMillisAgo);
        traffic.ifPresent(carried -> json.add("puts", carried.puts)
                .add("gets", carried.gets)
                .add("putBytes", carried.putBytes)
                .add("getBytes", carried.getBytes));
        state.diskFault.ifPresent(fault -> json.add("diskFault", fault));
        return json.build();
    }

    public static NodeReport fromJson(JsonObject json) {
        return new NodeReport(
                json.getString("name"),
                json.getString("diskUuid"),
                new Room(number(json, "capacityBytes"), number(json, "usedBytes"), number(json, "freeBytes")),
                new State(
                        json.getString("bootId"),
                        number(json, "appliedSeq"),
                        json.containsKey("diskFault") ? Optional.of(json.getString("diskFault")) : Optional.empty(),
                        number(json, "diskCheckedMillisAgo")),
                json.containsKey("puts")
                        ? Optional.of(new Traffic(
                                number(json, "puts"),
                                number(json, "gets"),
                                number(json, "putBytes"),
                                number(json, "getBytes")))
                        : Optional.empty());
    }

    private static long number(JsonObject json, String name) {
        return json.getJsonNumber(name).longValueExact();
    }
}
