package org.holdfast.contract;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;
import java.util.Optional;

/**
 * Some of the committed blobs that lie on a node's disk ({@code GET /internal/v1/inventory?after=&limit=}), in an order
 * of the node's own that stays the same from page to page. What comes and goes meanwhile may be in it or not.
 *
 * @param items the blobs
 * @param strangers names of files that were no blobs; the node has put them into quarantine
 * @param next what to pass as {@code after} for the next page; empty when this was the last one
 */
public record InventoryPage(List<Item> items, List<String> strangers, Optional<BlobId> next) {
    public InventoryPage {
        items = List.copyOf(items);
        strangers = List.copyOf(strangers);
    }

    /**
     * One blob.
     *
     * @param blob its id
     * @param sizeBytes how long it is now
     * @param whole whether its sidecar is there and tells the same length
     */
    public record Item(BlobId blob, long sizeBytes, boolean whole) {
        JsonObject toJson() {
            return JsonText.object()
                    .add("blob", blob.value())
                    .add("size", sizeBytes)
                    .add("whole", whole)
                    .build();
        }

        static Item fromJson(JsonObject json) {
            return new Item(
                    new BlobId(json.getString("blob")),
                    json.getJsonNumber("size").longValueExact(),
                    json.getBoolean("whole"));
        }
    }

    public JsonObject toJson() {
        var json = JsonText.object()
                .add("items", JsonText.array(items.stream().map(Item::toJson).toList()))
                .add("strangers", JsonText.array(strangers));
        next.ifPresent(blob -> json.add("next", blob.value()));
        return json.build();
    }

    public static InventoryPage fromJson(JsonObject json) {
        return new InventoryPage(
                json.getJsonArray("items").getValuesAs(JsonObject.class).stream()
                        .map(Item::fromJson)
                        .toList(),
                json.getJsonArray("strangers").getValuesAs(JsonString::getString),
                Optional.ofNullable(json.getString("next", null)).map(BlobId::new));
    }
}
