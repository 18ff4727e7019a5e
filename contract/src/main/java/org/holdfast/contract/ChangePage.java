package org.holdfast.contract;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What has changed in the name space, in order ({@code GET /internal/v1/changes?after=&limit=}). A master answers 410
 * {@code changes-trimmed} instead when the changes that come next are no longer, or not, in its log.
 *
 * @param head number of the last change there is
 * @param changes without gaps, from the one after {@code after}; empty when there is none
 */
public record ChangePage(long head, List<Change> changes) {
    public ChangePage {
        changes = List.copyOf(changes);
    }

    /**
     * One change.
     *
     * @param seq its number
     * @param kind PUT, DELETE, MOVE and so on
     * @param path namespace and path
     * @param blob the bytes that got the name
     * @param dropped the bytes that lost their name
     * @param overdue whether they should have been removed by now, since the time of grace is over
     * @param changedAt when
     */
    public record Change(
            long seq,
            String kind,
            String path,
            Optional<BlobId> blob,
            Optional<BlobId> dropped,
            boolean overdue,
            Instant changedAt) {
        JsonObject toJson() {
            var json = JsonText.object()
                    .add("seq", seq)
                    .add("kind", kind)
                    .add("path", path)
                    .add("overdue", overdue)
                    .add("changedAt", changedAt.toString());
            blob.ifPresent(id -> json.add("blob", id.value()));
            dropped.ifPresent(id -> json.add("dropped", id.value()));
            return json.build();
        }

        static Change fromJson(JsonObject json) {
            return new Change(
                    json.getJsonNumber("seq").longValueExact(),
                    json.getString("kind"),
                    json.getString("path"),
                    Optional.ofNullable(json.getString("blob", null)).map(BlobId::new),
                    Optional.ofNullable(json.getString("dropped", null)).map(BlobId::new),
                    json.getBoolean("overdue"),
                    Instant.parse(json.getString("changedAt")));
        }
    }

    public JsonObject toJson() {
        return JsonText.object()
                .add("head", head)
                .add(
                        "changes",
                        JsonText.array(changes.stream().map(Change::toJson).toList()))
                .build();
    }

    public static ChangePage fromJson(JsonObject json) {
        return new ChangePage(
                json.getJsonNumber("head").longValueExact(),
                json.getJsonArray("changes").getValuesAs(JsonObject.class).stream()
                        .map(Change::fromJson)
                        .toList());
    }
}
