package org.holdfast.contract;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;

/**
 * A master welcomes a storage node.
 *
 * @param keys lines of {@link MemberKeys}, which only this node and masters have; secret
 * @param masters base URLs of all masters
 */
public record JoinReply(List<String> keys, List<String> masters) {
    public JoinReply {
        keys = List.copyOf(keys);
        masters = List.copyOf(masters);
    }

    public JsonObject toJson() {
        return JsonText.object()
                .add("keys", JsonText.array(keys))
                .add("masters", JsonText.array(masters))
                .build();
    }

    public static JoinReply fromJson(JsonObject json) {
        return new JoinReply(strings(json, "keys"), strings(json, "masters"));
    }

    private static List<String> strings(JsonObject json, String name) {
        return json.getJsonArray(name).getValuesAs(JsonString::getString);
    }

    @Override
    public String toString() {
        return "JoinReply[masters=" + masters + "]";
    }
}
