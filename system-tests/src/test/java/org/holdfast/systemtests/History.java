package org.holdfast.systemtests;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the cluster has promised: for each name, which contents a reader may find. A write whose outcome is unknown may
 * take effect at any later time; one that was acknowledged replaces all that was acknowledged before. Each name has one
 * writer at a time.
 */
final class History {
    /** Stands for "there is no such file" among the contents. */
    static final String ABSENT = "absent";

    private final Map<String, Promise> promises = new ConcurrentHashMap<>();

    /**
     * What holds for one name at one moment.
     *
     * @param kept the content that was acknowledged last
     * @param doubtful contents of which nobody knows whether they were, or will be, written
     * @param changes how often this promise has changed
     */
    record Promise(String kept, Set<String> doubtful, int changes) {
        private static final Promise NONE = new Promise(ABSENT, Set.of(), 0);

        boolean allows(String content) {
            return kept.equals(content) || doubtful.contains(content);
        }
    }

    /** A write is about to be tried. */
    void trying(String name, String content) {
        promises.compute(name, (key, promise) -> {
            Promise before = promise == null ? Promise.NONE : promise;
            return new Promise(before.kept, with(before.doubtful, content), before.changes + 1);
        });
    }

    /** The write was acknowledged, at the first try or a later one; {@code certain} when no try is in doubt. */
    void acknowledged(String name, String content, boolean certain) {
        promises.computeIfPresent(
                name,
                (key, before) -> new Promise(
                        content, certain ? without(before.doubtful, content) : before.doubtful, before.changes + 1));
    }

    /** Names with an acknowledged content. */
    List<String> kept() {
        return promises.entrySet().stream()
                .filter(entry -> !entry.getValue().kept.equals(ABSENT))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** All names that anybody ever tried to write. */
    List<String> names() {
        return promises.keySet().stream().sorted().toList();
    }

    /** What is promised now. */
    Promise of(String name) {
        return promises.getOrDefault(name, Promise.NONE);
    }

    private static Set<String> with(Set<String> all, String one) {
        var more = new HashSet<>(all);
        more.add(one);
        return Set.copyOf(more);
    }

    private static Set<String> without(Set<String> all, String one) {
        var fewer = new HashSet<>(all);
        fewer.remove(one);
        return Set.copyOf(fewer);
    }
}
