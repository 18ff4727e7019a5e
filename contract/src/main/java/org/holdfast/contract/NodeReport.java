package org.holdfast.contract;

import jakarta.json.JsonObject;

/**
 * A storage node's answer to a heartbeat ({@code GET /internal/v1/ping}).
 *
 * @param name the node's name
 * @param diskUuid identity of its data directory, made when the directory was first used
 * @param capacityBytes size of the file system that holds the data directory
 * @param usedBytes sum of the blobs' sizes
 * @param freeBytes what can still be taken, the reserve excluded; 0 or more
 */
public record NodeReport(String name, String diskUuid, long capacityBytes, long usedBytes, long freeBytes) {
    public JsonObject toJson() {
        return JsonText.object()
                .add("name", name)
                .add("diskUuid", diskUuid)
                .add("capacityBytes", capacityBytes)
                .add("usedBytes", usedBytes)
                .add("freeBytes", freeBytes)
                .build();
    }

    public static NodeReport fromJson(JsonObject json) {
        return new NodeReport(
                json.getString("name"),
                json.getString("diskUuid"),
                json.getJsonNumber("capacityBytes").longValueExact(),
                json.getJsonNumber("usedBytes").longValueExact(),
                json.getJsonNumber("freeBytes").longValueExact());
    }
}
