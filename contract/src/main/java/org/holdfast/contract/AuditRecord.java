package org.holdfast.contract;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One access or one administrative act: who did what, from where, and what came of it. Its texts hold no control
 * characters ({@link PlainText}), whatever a client has sent, so that no record can pretend to be two.
 *
 * @param id ULID given by the component that made the record; one id is stored once, however often it is handed over
 * @param at when the request had been answered, or was about to be
 * @param component name of the master or node that answered: {@code m1}, {@code sn2}
 * @param who whose request it was
 * @param what what was wanted
 * @param result what came of it
 */
public record AuditRecord(String id, Instant at, String component, Who who, What what, Result result) {
    /** Where a node hands its records to a master. */
    public static final String PATH = "/internal/v1/audit";

    /** Most records of one handing over. */
    public static final int MAX_BATCH = 500;

    private static final int MAX_NAME = 190;
    private static final int MAX_ADDRESS = 64;
    private static final int MAX_ACTION = 48;
    private static final int MAX_OBJECT = 4_200;
    private static final int MAX_DETAIL = 400;
    private static final int MAX_CODE = 64;

    public AuditRecord {
        if (!Ulid.isValid(id)) {
            throw new IllegalArgumentException("an audit record's id is a ULID, not " + id);
        }
        component = PlainText.of(component, MAX_ADDRESS);
    }

    /** How somebody showed who they are. */
    public enum Via {
        PASSWORD,
        SESSION,
        CERTIFICATE,
        /** A ticket for a storage node. */
        TICKET,
        /** A link: one to set a password, once, or one to read something without an account. */
        LINK,
        /** A member of the cluster, by a signed call or the join token. */
        CLUSTER,
        NOBODY
    }

    /**
     * Whose request it was.
     *
     * @param accountId key of the account; empty where there is none, or where only its name is known
     * @param actor the account's name; of a refused sign-in, the name that was told; {@code -} for nobody
     * @param via how they showed it
     * @param address of the other end of the connection
     */
    public record Who(Optional<Long> accountId, String actor, Via via, String address) {
        /** An actor without a name. */
        public static final String NOBODY = "-";

        public Who {
            actor = PlainText.of(actor.isEmpty() ? NOBODY : actor, MAX_NAME);
            address = PlainText.of(address, MAX_ADDRESS);
        }
    }

    /**
     * What was wanted.
     *
     * @param action resource and verb: {@code files.get}, {@code users.create}
     * @param object {@code namespace/path}, or the name of what it is about; empty for nothing in particular
     * @param detail what else there is to know, such as where a file was moved to
     */
    public record What(String action, String object, Optional<String> detail) {
        public What {
            action = PlainText.of(action, MAX_ACTION);
            object = PlainText.of(object, MAX_OBJECT);
            detail = detail.map(text -> PlainText.of(text, MAX_DETAIL));
        }

        /** Without more to know. */
        public What(String action, String object) {
            this(action, object, Optional.empty());
        }

        /** The same with a detail. */
        public What with(Optional<String> more) {
            return new What(action, object, more);
        }
    }

    /**
     * What came of it.
     *
     * @param status HTTP status of the answer
     * @param code of the failure, where it was one
     * @param bytes of the file that went over the line, where it is about one and this component carried it
     * @param took from the request's beginning
     */
    public record Result(int status, Optional<String> code, Optional<Long> bytes, Duration took) {
        public Result {
            code = code.map(text -> PlainText.of(text, MAX_CODE));
        }

        /** The milliseconds that it took, as far as a number of 32 bits can tell. */
        public int millis() {
            return (int) Math.max(0, Math.min(Integer.MAX_VALUE, took.toMillis()));
        }
    }

    public JsonObject toJson() {
        var json = JsonText.object()
                .add("id", id)
                .add("at", at.toString())
                .add("component", component)
                .add("actor", who.actor)
                .add("via", who.via.name())
                .add("address", who.address)
                .add("action", what.action)
                .add("object", what.object)
                .add("status", result.status)
                .add("millis", result.millis());
        who.accountId.ifPresent(account -> json.add("account", account));
        what.detail.ifPresent(text -> json.add("detail", text));
        result.code.ifPresent(text -> json.add("code", text));
        result.bytes.ifPresent(bytes -> json.add("bytes", bytes));
        return json.build();
    }

    public static AuditRecord fromJson(JsonObject json) {
        return new AuditRecord(
                json.getString("id"),
                Instant.parse(json.getString("at")),
                json.getString("component"),
                new Who(
                        number(json, "account"),
                        json.getString("actor"),
                        Via.valueOf(json.getString("via")),
                        json.getString("address")),
                new What(
                        json.getString("action"),
                        json.getString("object"),
                        Optional.ofNullable(json.getString("detail", null))),
                new Result(
                        json.getInt("status"),
                        Optional.ofNullable(json.getString("code", null)),
                        number(json, "bytes"),
                        Duration.ofMillis(json.getInt("millis"))));
    }

    private static Optional<Long> number(JsonObject json, String name) {
        return Optional.ofNullable(json.getJsonNumber(name)).map(value -> value.longValueExact());
    }

    /** The body in which a node hands records over. */
    public static JsonObject batch(List<AuditRecord> records) {
        var array = JsonText.array();
        records.forEach(record -> array.add(record.toJson()));
        return JsonText.object().add("records", array).build();
    }

    /** The records of such a body. */
    public static List<AuditRecord> ofBatch(JsonObject json) {
        JsonArray array = json.getJsonArray("records");
        return array.getValuesAs(JsonValue::asJsonObject).stream()
                .map(AuditRecord::fromJson)
                .toList();
    }
}
