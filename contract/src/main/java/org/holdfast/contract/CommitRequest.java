package org.holdfast.contract;

import jakarta.json.JsonObject;

/**
 * A node asks a master to make landed bytes a version of a file ({@code POST /internal/v1/commits}). Idempotent by blob
 * id: asked again, the master answers what it answered before.
 *
 * @param ticket text of the PUT ticket that the upload came with
 * @param landing what has landed
 */
public record CommitRequest(String ticket, Landing landing) {
    public JsonObject toJson() {
        return JsonText.object()
                .add("ticket", ticket)
                .add("landing", landing.toJson())
                .build();
    }

    public static CommitRequest fromJson(JsonObject json) {
        return new CommitRequest(json.getString("ticket"), Landing.fromJson(json.getJsonObject("landing")));
    }
}
