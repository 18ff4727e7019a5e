package org.holdfast.contract;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Under which conditions uploaded bytes become a version of a file. Fixed when the upload is asked for, signed within
 * its ticket, and checked again in the commit.
 *
 * @param account name of who puts
 * @param onConflict what to do when the name is taken
 * @param conditions what must hold for the current version, {@link Conditions#ofChange}
 * @param durability number of nodes that must have fsynced before the put is acknowledged, 1 or more; in a wish, before
 *     a master has decided, {@link #BY_NAMESPACE} for whatever the namespace says
 * @param extraDigests algorithms to compute beyond MD5 and SHA-256
 * @param fileTime the file's own time, where the client told it; {@link FileTime}
 * @param decided what a master has added
 */
public record PutTerms(
        String account,
        OnConflict onConflict,
        Conditions conditions,
        int durability,
        Set<DigestAlgorithm> extraDigests,
        Optional<Instant> fileTime,
        Decided decided) {
    /** A durability that nobody has told. */
    public static final int BY_NAMESPACE = 0;

    public PutTerms {
        conditions = conditions.ofChange();
        extraDigests = Set.copyOf(extraDigests);
    }

    /**
     * What is no wish of whoever puts.
     *
     * @param accountId key of the account, which may go away and leave its name to another one; 0 before a master has
     *     looked
     * @param partners nodes that the one which receives the bytes forwards them to, in the order in which to try them; a
     *     few more than {@code durability} needs, so that one that fails can be replaced; empty for a durability of 1
     * @param lock the lock under which the put is made; empty before a master has given one, and for a put that gets a
     *     name of its own
     * @param mostBytes how many bytes quotas allow a put whose length was not told; empty where nothing bounds it
     * @param keptShare how much of puts that break off a node may keep
     */
    public record Decided(
            long accountId,
            List<TaskMessage.Member> partners,
            Optional<WriteLock> lock,
            Optional<Long> mostBytes,
            KeptShare keptShare) {
        private static final Decided NOTHING =
                new Decided(0, List.of(), Optional.empty(), Optional.empty(), KeptShare.UNBOUNDED);

        public Decided {
            partners = List.copyOf(partners);
        }
    }

    /**
     * How many bytes of puts that have broken off one node may keep: its part of what the quotas have left, so that all
     * nodes together stay within them.
     *
     * @param namespaceId key of the namespace
     * @param ofNamespaceBytes of all puts into it; empty where no quota bounds it
     * @param ownerId key of the account that owns it
     * @param ofOwnerBytes of all puts into namespaces of that account; empty where no quota bounds it
     */
    public record KeptShare(
            long namespaceId, Optional<Long> ofNamespaceBytes, long ownerId, Optional<Long> ofOwnerBytes) {
        /** Of a namespace that nobody has looked at. */
        public static final KeptShare UNBOUNDED = new KeptShare(0, Optional.empty(), 0, Optional.empty());

        private JsonObject toJson() {
            var json = JsonText.object().add("ns", namespaceId).add("owner", ownerId);
            ofNamespaceBytes.ifPresent(bytes -> json.add("nsBytes", bytes));
            ofOwnerBytes.ifPresent(bytes -> json.add("ownerBytes", bytes));
            return json.build();
        }

        private static KeptShare fromJson(JsonObject json) {
            return new KeptShare(
                    json.getJsonNumber("ns").longValueExact(),
                    optionalLong(json, "nsBytes"),
                    json.getJsonNumber("owner").longValueExact(),
                    optionalLong(json, "ownerBytes"));
        }
    }

    /** Terms about which nothing is decided yet. */
    public PutTerms(
            String account,
            OnConflict onConflict,
            Conditions conditions,
            int durability,
            Set<DigestAlgorithm> extraDigests) {
        this(account, onConflict, conditions, durability, extraDigests, Optional.empty(), Decided.NOTHING);
    }

    /** As above, where only entity tags matter. */
    public PutTerms(
            String account,
            OnConflict onConflict,
            Optional<String> ifMatch,
            Optional<String> ifNoneMatch,
            int durability,
            Set<DigestAlgorithm> extraDigests) {
        this(
                account,
                onConflict,
                new Conditions(ifMatch.orElse(null), ifNoneMatch.orElse(null), null, null, null),
                durability,
                extraDigests);
    }

    public long accountId() {
        return decided.accountId;
    }

    public List<TaskMessage.Member> partners() {
        return decided.partners;
    }

    public Optional<WriteLock> lock() {
        return decided.lock;
    }

    public Optional<Long> mostBytes() {
        return decided.mostBytes;
    }

    public KeptShare keptShare() {
        return decided.keptShare;
    }

    /** The same conditions, of a file with this time of its own, or none. */
    public PutTerms of(Optional<Instant> time) {
        return new PutTerms(account, onConflict, conditions, durability, extraDigests, time, decided);
    }

    /** The same conditions, of the account with this key. */
    public PutTerms by(long accountId) {
        return with(
                durability,
                new Decided(accountId, decided.partners, decided.lock, decided.mostBytes, decided.keptShare));
    }

    /** The same conditions, with the nodes that are to make it durable. */
    public PutTerms with(int nodes, List<TaskMessage.Member> chosen) {
        return with(nodes, new Decided(decided.accountId, chosen, decided.lock, decided.mostBytes, decided.keptShare));
    }

    /** The same conditions, under a lock or without one. */
    public PutTerms under(Optional<WriteLock> held) {
        return with(
                durability,
                new Decided(decided.accountId, decided.partners, held, decided.mostBytes, decided.keptShare));
    }

    /** The same conditions, with a bound or without one. */
    public PutTerms upTo(Optional<Long> mostBytes) {
        return with(
                durability,
                new Decided(decided.accountId, decided.partners, decided.lock, mostBytes, decided.keptShare));
    }

    /** The same conditions, with what a node may keep of it when it breaks off. */
    public PutTerms keeping(KeptShare share) {
        return with(
                durability, new Decided(decided.accountId, decided.partners, decided.lock, decided.mostBytes, share));
    }

    private PutTerms with(int nodes, Decided now) {
        return new PutTerms(account, onConflict, conditions, nodes, extraDigests, fileTime, now);
    }

    JsonObject toJson() {
        var json = JsonText.object()
                .add("account", account)
                .add("accountId", accountId())
                .add("onConflict", onConflict.name())
                .add("durability", durability);
        add(json, "ifMatch", conditions.ifMatch());
        add(json, "ifNoneMatch", conditions.ifNoneMatch());
        add(json, "ifUnmodifiedSince", conditions.ifUnmodifiedSince());
        if (!extraDigests.isEmpty()) {
            List<String> names = extraDigests.stream().map(Enum::name).sorted().toList();
            json.add("extraDigests", JsonText.array(names));
        }
        if (!partners().isEmpty()) {
            var members = JsonText.array();
            partners().forEach(partner -> members.add(partner.toJson()));
            json.add("partners", members);
        }
        lock().ifPresent(held -> json.add("lock", held.toJson()));
        mostBytes().ifPresent(most -> json.add("mostBytes", most));
        fileTime.ifPresent(time -> json.add("time", time.toString()));
        json.add("kept", keptShare().toJson());
        return json.build();
    }

    private static void add(JsonObjectBuilder json, String name, @Nullable String value) {
        if (value != null) {
            json.add(name, value);
        }
    }

    static PutTerms fromJson(JsonObject json) {
        return new PutTerms(
                json.getString("account"),
                OnConflict.valueOf(json.getString("onConflict")),
                new Conditions(
                        json.getString("ifMatch", null),
                        json.getString("ifNoneMatch", null),
                        null,
                        json.getString("ifUnmodifiedSince", null),
                        null),
                json.getInt("durability"),
                array(json, "extraDigests").getValuesAs(JsonString.class).stream()
                        .map(name -> DigestAlgorithm.valueOf(name.getString()))
                        .collect(Collectors.toSet()),
                Optional.ofNullable(json.getString("time", null)).map(Instant::parse),
                new Decided(
                        json.getJsonNumber("accountId").longValueExact(),
                        array(json, "partners").getValuesAs(JsonValue::asJsonObject).stream()
                                .map(TaskMessage.Member::fromJson)
                                .toList(),
                        Optional.ofNullable(json.getJsonObject("lock")).map(WriteLock::fromJson),
                        optionalLong(json, "mostBytes"),
                        KeptShare.fromJson(json.getJsonObject("kept"))));
    }

    private static Optional<Long> optionalLong(JsonObject json, String name) {
        return Optional.ofNullable(json.getJsonNumber(name)).map(JsonNumber::longValueExact);
    }

    private static JsonArray array(JsonObject json, String name) {
        return json.containsKey(name) ? json.getJsonArray(name) : JsonValue.EMPTY_JSON_ARRAY;
    }
}
