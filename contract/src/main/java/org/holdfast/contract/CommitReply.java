package org.holdfast.contract;

import jakarta.json.JsonObject;

/**
 * What a put has made; the body of its 201.
 *
 * @param address where the file is now, which differs from what was asked for when it was renamed
 * @param version number of the version within the file, from 1; a higher one has replaced the one before it
 * @param olderVersions versions of the file that are kept beside it; 0 after a replacement says that the bytes before are gone
 * @param blob the bytes
 * @param durableCopies copies that are fsynced and verified at this moment
 * @param wantedCopies copies that will be made in all
 * @param renamed whether {@code on-conflict=rename} generated the name
 */
public record CommitReply(
        FileAddress address,
        int version,
        int olderVersions,
        BlobFacts blob,
        int durableCopies,
        int wantedCopies,
        boolean renamed) {
    public JsonObject toJson() {
        return JsonText.object()
                .add("namespace", address.namespace())
                .add("path", address.path())
                .add("version", version)
                .add("olderVersions", olderVersions)
                .add("blob", blob.id().value())
                .add("etag", blob.digests().etag())
                .add("size", blob.sizeBytes())
                .add("md5", blob.digests().require(DigestAlgorithm.MD5))
                .add("sha256", blob.digests().require(DigestAlgorithm.SHA_256))
                .add("digests", blob.digests().toJson())
                .add("durableCopies", durableCopies)
                .add("wantedCopies", wantedCopies)
                .add("renamed", renamed)
                .build();
    }

    /** Masters that do not tell of older versions kept none, unless they were set to. */
    public static CommitReply fromJson(JsonObject json) {
        return new CommitReply(
                new FileAddress(json.getString("namespace"), json.getString("path")),
                json.getInt("version"),
                json.getInt("olderVersions", 0),
                new BlobFacts(
                        new BlobId(json.getString("blob")),
                        json.getJsonNumber("size").longValueExact(),
                        Digests.fromJson(json.getJsonObject("digests"))),
                json.getInt("durableCopies"),
                json.getInt("wantedCopies"),
                json.getBoolean("renamed"));
    }
}
