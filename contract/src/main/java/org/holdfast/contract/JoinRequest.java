package org.holdfast.contract;

import jakarta.json.JsonObject;

/**
 * A storage node announces itself ({@code POST /api/v1/nodes}), at every start. With the join token as bearer token the
 * first time; later the call is signed with the node's own key. Idempotent: the same disk under the same name is the same node.
 *
 * @param url base URL at which members reach it, without trailing slash
 * @param publicUrl base URL that clients are redirected to
 * @param zone failure domain
 * @param host failure domain within the zone: the machine
 * @param report who it is and how much room it has
 */
public record JoinRequest(String url, String publicUrl, String zone, String host, NodeReport report) {
    public JsonObject toJson() {
        return JsonText.object()
                .add("url", url)
                .add("publicUrl", publicUrl)
                .add("zone", zone)
                .add("host", host)
                .add("report", report.toJson())
                .build();
    }

    public static JoinRequest fromJson(JsonObject json) {
        return new JoinRequest(
                json.getString("url"),
                json.getString("publicUrl"),
                json.getString("zone"),
                json.getString("host"),
                NodeReport.fromJson(json.getJsonObject("report")));
    }
}
