package org.holdfast.contract;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Under which conditions uploaded bytes become a version of a file. Fixed when the upload is asked for, signed within
 * its ticket, and checked again in the commit.
 *
 * @param account name of who puts
 * @param onConflict what to do when the name is taken
 * @param ifMatch the entity tag that the current version must have, or {@code *} for any existing version
 * @param ifNoneMatch the entity tag that the current version must not have, or {@code *} for none at all
 * @param durability number of nodes that must have fsynced before the put is acknowledged, 1 or more
 * @param extraDigests algorithms to compute beyond MD5 and SHA-256
 */
public record PutTerms(
        String account,
        OnConflict onConflict,
        Optional<String> ifMatch,
        Optional<String> ifNoneMatch,
        int durability,
        Set<DigestAlgorithm> extraDigests) {
    public PutTerms {
        extraDigests = Set.copyOf(extraDigests);
    }

    JsonObject toJson() {
        var json = JsonText.object()
                .add("account", account)
                .add("onConflict", onConflict.name())
                .add("durability", durability);
        ifMatch.ifPresent(tag -> json.add("ifMatch", tag));
        ifNoneMatch.ifPresent(tag -> json.add("ifNoneMatch", tag));
        if (!extraDigests.isEmpty()) {
            List<String> names = extraDigests.stream().map(Enum::name).sorted().toList();
            json.add("extraDigests", JsonText.array(names));
        }
        return json.build();
    }

    static PutTerms fromJson(JsonObject json) {
        JsonArray extra =
                json.containsKey("extraDigests") ? json.getJsonArray("extraDigests") : JsonArray.EMPTY_JSON_ARRAY;
        return new PutTerms(
                json.getString("account"),
                OnConflict.valueOf(json.getString("onConflict")),
                Optional.ofNullable(json.getString("ifMatch", null)),
                Optional.ofNullable(json.getString("ifNoneMatch", null)),
                json.getInt("durability"),
                extra.getValuesAs(JsonString.class).stream()
                        .map(name -> DigestAlgorithm.valueOf(name.getString()))
                        .collect(Collectors.toSet()));
    }
}
