package org.holdfast.master.api;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.cluster.AdminState;
import org.holdfast.master.cluster.ChangeNode;
import org.holdfast.master.cluster.NodeView;

/** Reads the body of a {@code PATCH} of a node. */
final class NodeWish {
    private static final Set<String> KNOWN = Set.of("adminState", "force", "heal", "bandwidthBytesPerSecond");

    private NodeWish() {}

    /**
     * What is wanted; members that are left out stay, {@code null} for {@code heal} and {@code bandwidthBytesPerSecond}
     * takes them away.
     */
    static ChangeNode.Wish read(String body, NodeView.Terms terms) {
        JsonObject json = JsonBody.read(body, KNOWN).object();
        try {
            Optional<AdminState> state = json.containsKey("adminState")
                    ? Optional.of(AdminState.valueOf(word(json, "adminState")))
                    : Optional.empty();
            boolean force = json.containsKey("force") && json.getBoolean("force");
            return new ChangeNode.Wish(state, force, Optional.of(terms(json, terms)));
        } catch (IllegalArgumentException | ClassCastException | ArithmeticException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "adminState is in_service, draining, offline or removed; force is true or false; heal is auto,"
                            + " manual or null; bandwidthBytesPerSecond is a number from 1 or null.",
                    e);
        }
    }

    private static NodeView.Terms terms(JsonObject json, NodeView.Terms before) {
        Optional<NodeView.Heal> heal = before.heal();
        if (json.containsKey("heal")) {
            heal = isNull(json, "heal") ? Optional.empty() : Optional.of(NodeView.Heal.valueOf(word(json, "heal")));
        }
        Optional<Long> cap = before.bandwidthBytesPerSecond();
        if (json.containsKey("bandwidthBytesPerSecond")) {
            cap = isNull(json, "bandwidthBytesPerSecond")
                    ? Optional.empty()
                    : Optional.of(json.getJsonNumber("bandwidthBytesPerSecond").longValueExact());
        }
        if (cap.filter(bytes -> bytes < 1).isPresent()) {
            throw new IllegalArgumentException("no bandwidth at all");
        }
        return new NodeView.Terms(heal, cap);
    }

    private static boolean isNull(JsonObject json, String name) {
        return JsonValue.NULL.equals(json.get(name));
    }

    private static String word(JsonObject json, String name) {
        return json.getString(name).toUpperCase(Locale.ROOT);
    }
}
