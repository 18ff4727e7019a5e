package org.holdfast.master.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Query;
import org.holdfast.contract.SignedCall;
import org.jspecify.annotations.Nullable;

/** Which requests are recorded, and what they are called. Pure. */
final class AuditRules {
    private static final String API = "/api/v1/";

    /** Recorded whatever is done with them, reading included. */
    private static final Set<String> ALWAYS = Set.of(
            "files",
            "uploads",
            "folders",
            "archives",
            "search",
            "moves",
            "replicas",
            "access",
            "locks",
            "versions",
            "users",
            "session",
            "password-links",
            "links",
            "shared",
            "namespaces",
            "audit");

    /** Recorded when something is to be changed. */
    private static final Set<String> CHANGES =
            Set.of("nodes", "workers", "tasks", "scrubs", "rebalance", "cluster", "events");

    /** Answers that are recorded wherever they are given: sign in, forbidden, locked, too many attempts. */
    private static final Set<Integer> REFUSALS = Set.of(401, 403, 423, 429);

    /** What follows is a file's or folder's address. */
    private static final Set<String> ADDRESSED = Set.of(
            "files", "uploads", "folders", "archives", "moves", "replicas", "access", "locks", "links", "versions");

    /** What follows is what opens something, and in no log. Its endpoint says what it is about. */
    private static final Set<String> SECRETS = Set.of("password-links", "shared");

    /** What follows the resource's name may be a word of the API instead of somebody's name. */
    private static final Set<String> WITH_WORDS = Set.of("tasks", "scrubs", "cluster", "rebalance");

    private static final Map<String, String> VERBS =
            Map.of("GET", "get", "HEAD", "head", "PUT", "put", "POST", "create", "PATCH", "change", "DELETE", "delete");

    /** Where the verb of HTTP says too little. */
    private static final Map<String, String> BETTER = Map.ofEntries(
            Map.entry("session.create", "session.open"),
            Map.entry("session.delete", "session.close"),
            Map.entry("files.create", "files.move"),
            Map.entry("uploads.create", "uploads.open"),
            Map.entry("folders.get", "folders.list"),
            Map.entry("search.get", "search"),
            Map.entry("folders.put", "folders.make"),
            Map.entry("access.put", "access.grant"),
            Map.entry("access.delete", "access.revoke"),
            Map.entry("namespaces.members.put", "namespaces.members.grant"),
            Map.entry("namespaces.members.delete", "namespaces.members.revoke"),
            Map.entry("locks.create", "locks.take"),
            Map.entry("locks.delete", "locks.release"),
            Map.entry("nodes.create", "nodes.join"),
            Map.entry("workers.delete", "workers.remove"),
            Map.entry("password-links.get", "password-links.look"),
            Map.entry("password-links.create", "password-links.use"),
            Map.entry("versions.create", "versions.restore"),
            Map.entry("links.create", "links.make"),
            Map.entry("links.delete", "links.end"),
            Map.entry("shared.get", "shared.read"),
            Map.entry("shared.head", "shared.read"),
            Map.entry("shared.create", "shared.enter"),
            Map.entry("users.sessions.delete", "users.sign-out"),
            Map.entry("users.throttle.delete", "users.unthrottle"),
            Map.entry("cluster.rebalance.delete", "cluster.rebalance.stop"));

    /** Parameters that say what is done; others choose pages, or are secrets. */
    private static final List<String> TELLING = List.of(
            "user",
            "namespace",
            "name",
            "version",
            "move-to",
            "on-conflict",
            "recursive",
            "give-to",
            "delete-files",
            "kind",
            "reason",
            "durability",
            "id");

    private AuditRules() {}

    /** Whether the request is one that changes something, so that its answer waits for its record. */
    static boolean changes(String method) {
        return !method.equals("GET") && !method.equals("HEAD") && !method.equals("OPTIONS");
    }

    /**
     * Whether a request is recorded.
     *
     * @param rawPath of its URI
     * @param status of the answer
     * @param code of the failure, where it was one
     */
    static boolean isRecorded(String method, String rawPath, int status, Optional<String> code) {
        if (REFUSALS.contains(status)) {
            // A member's heartbeat and a wrong clock: the signature was right, and it comes again five times a second.
            return !code.equals(Optional.of(SignedCall.CLOCK_SKEW));
        }
        return isAlwaysRecorded(method, rawPath);
    }

    /** Whether a request is recorded whatever its answer. */
    static boolean isAlwaysRecorded(String method, String rawPath) {
        String resource =
                rawPath.startsWith(API) ? rawPath.substring(API.length()).replaceAll("/.*", "") : "";
        return ALWAYS.contains(resource) || (CHANGES.contains(resource) && changes(method));
    }

    /** What is wanted by a request. */
    static AuditRecord.What what(String method, String rawPath, @Nullable String rawQuery) {
        String verb = VERBS.getOrDefault(method, method.toLowerCase(Locale.ROOT));
        if (!rawPath.startsWith(API)) {
            return new AuditRecord.What("http." + method.toLowerCase(Locale.ROOT), decode(rawPath));
        }
        String[] parts = rawPath.substring(API.length()).split("/", 2);
        String resource = decode(parts[0]);
        String rest = parts.length == 2 ? parts[1] : "";
        if (ADDRESSED.contains(resource)) {
            return named(resource + "." + verb, address(rest)).with(detail(rawQuery));
        }
        if (SECRETS.contains(resource)) {
            return named(resource + "." + verb, "");
        }
        List<String> words = new ArrayList<>(List.of(resource));
        List<String> names = new ArrayList<>();
        for (String part :
                Stream.of(rest.split("/", -1)).filter(part -> !part.isEmpty()).toList()) {
            boolean isWord = (words.size() + names.size()) % 2 == 0
                    || (WITH_WORDS.contains(resource) && part.matches("[a-z-]+"));
            (isWord ? words : names).add(decode(part));
        }
        // What is sent to a word is called by it: users.password, tasks.retry.
        boolean isOrder = method.equals("POST") && words.size() > 1;
        String action = String.join(".", words) + (isOrder ? "" : "." + verb);
        return named(action, String.join("/", names)).with(detail(rawQuery));
    }

    private static AuditRecord.What named(String action, String object) {
        return new AuditRecord.What(BETTER.getOrDefault(action, action), object);
    }

    private static String address(String raw) {
        try {
            return FileAddress.parse(raw).toString();
        } catch (HoldfastException e) {
            return raw;
        }
    }

    private static Optional<String> detail(@Nullable String rawQuery) {
        try {
            Query query = Query.parse(rawQuery);
            return Optional.of(TELLING.stream()
                            .flatMap(name -> query.text(name).map(value -> name + "=" + value).stream())
                            .collect(Collectors.joining(" ")))
                    .filter(text -> !text.isEmpty());
        } catch (HoldfastException e) {
            return Optional.empty();
        }
    }

    private static String decode(String raw) {
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return raw;
        }
    }
}
