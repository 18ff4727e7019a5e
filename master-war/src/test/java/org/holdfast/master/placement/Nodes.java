package org.holdfast.master.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The little language of the placement tests: {@code "a[zone=north free=10 at=30] b[at=40]"} is two nodes. {@code free}
 * is the room in bytes (default 1000), {@code zone} the failure domain (default z), {@code at} the node's hash.
 */
record Nodes(List<Candidate> candidates, Map<String, Long> hashes) {
    private static final Pattern NODE = Pattern.compile("(\\w+)\\[([^]]*)]");

    static Nodes of(String text) {
        List<Candidate> candidates = new ArrayList<>();
        Map<String, Long> hashes = new HashMap<>();
        Matcher node = NODE.matcher(text);
        int end = 0;
        while (node.find()) {
            Map<String, String> facts = facts(node.group(2));
            candidates.add(new Candidate(
                    node.group(1),
                    facts.getOrDefault("zone", "z"),
                    node.group(1),
                    Long.parseLong(facts.getOrDefault("free", "1000"))));
            if (facts.containsKey("at")) {
                hashes.put(node.group(1), Long.parseUnsignedLong(facts.get("at")));
            }
            end = node.end();
        }
        if (end != text.stripTrailing().length()) {
            throw new IllegalArgumentException("not understood: " + text.substring(end));
        }
        return new Nodes(candidates, hashes);
    }

    private static Map<String, String> facts(String text) {
        Map<String, String> facts = new HashMap<>();
        for (String fact : text.trim().split("\\s+", -1)) {
            if (!fact.isEmpty()) {
                String[] both = fact.split("=", 2);
                facts.put(both[0], both[1]);
            }
        }
        return facts;
    }

    /** Names in the order in which a file with this hash would have the nodes. */
    String orderAt(String fileHash) {
        long file = Long.parseUnsignedLong(fileHash);
        List<Candidate> order = new Placement(
                        name -> name.equals("the file") ? file : Objects.requireNonNull(hashes.get(name), name))
                .order(PlacementPolicy.HASH, "the file", candidates, NoChance.INSTANCE);
        return String.join(" ", order.stream().map(Candidate::name).toList());
    }
}
