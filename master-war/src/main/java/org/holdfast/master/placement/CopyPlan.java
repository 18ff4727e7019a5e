package org.holdfast.master.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to be done about the copies of one file's bytes: a pure function of where they are and where they may go.
 *
 * <p>Copies are missing: each goes to the zone that has the fewest, within it to the host that has the fewest, and among
 * equals to the node that the policy would have first. Enough copies are verified on nodes that answer: those beyond the
 * wanted number go, and those that do not count; never so many that fewer good ones than wanted remain. Carried out, a
 * plan leaves nothing to do. See ADR 0021.
 *
 * @param verdict the result in one word
 * @param haste how soon the missing copies must be made
 * @param copyTo nodes that get a copy, in order of priority
 * @param drop nodes whose copy is given up
 * @param withoutPlace copies that are missing and have no node to go to
 */
public record CopyPlan(Verdict verdict, Haste haste, List<String> copyTo, List<String> drop, int withoutPlace) {

    /** The result in one word. */
    public enum Verdict {
        /** Copies are missing, and each gets a host of its own. */
        IDEAL,
        /** Copies are missing, and there are fewer nodes or hosts than copies. */
        DESPERATE,
        /** Nothing is missing and nothing is too much. */
        SATISFIED,
        /** There are more copies than wanted. */
        TOO_MANY,
        /** Copies are missing, and there is none now that they could be made from. */
        HOPELESS
    }

    /** How soon a copy must be made. */
    public enum Haste {
        /** One good copy is left. */
        LAST_COPY,
        /** A copy is missing. */
        MISSING,
        /** Nothing is missing: copies only move elsewhere. */
        MOVING
    }

    public CopyPlan {
        copyTo = List.copyOf(copyTo);
        drop = List.copyOf(drop);
    }

    /**
     * Plans.
     *
     * @param copies all copies, in any order, each on another node
     * @param wanted how many there should be
     * @param inOrder nodes with room, as {@link Placement#inOrder} has them; holders among them are passed over
     */
    public static CopyPlan of(List<Copy> copies, int wanted, List<Candidate> inOrder) {
        List<Copy> good = copies.stream().filter(Copy::isGood).toList();
        List<Copy> counting = copies.stream().filter(Copy::isWanted).toList();
        int missing = wanted - counting.size();
        if (missing > 0 && good.isEmpty()) {
            return new CopyPlan(Verdict.HOPELESS, Haste.LAST_COPY, List.of(), List.of(), missing);
        }
        List<Candidate> chosen = choose(copies, counting, missing, inOrder);
        List<String> drop = new ArrayList<>(withdrawn(copies));
        surplus(copies, wanted).stream().filter(node -> !drop.contains(node)).forEach(drop::add);
        int withoutPlace = Math.max(0, missing) - chosen.size();
        return new CopyPlan(
                verdict(counting, chosen, missing, drop),
                haste(good.size(), wanted),
                chosen.stream().map(Candidate::name).toList(),
                drop,
                withoutPlace);
    }

    /**
     * Nodes for the further copies of bytes that have landed, in order of priority.
     *
     * @param landed where they are
     * @param wanted how many copies there should be, those included
     * @param inOrder as for {@link #of}
     */
    public static List<String> further(List<Place> landed, int wanted, List<Candidate> inOrder) {
        List<Copy> copies = landed.stream()
                .map(place -> new Copy(place, Copy.Standing.VERIFIED, landed.indexOf(place), true, true))
                .toList();
        return of(copies, wanted, inOrder).copyTo;
    }

    /** Whether there is nothing to carry out. */
    public boolean isNothing() {
        return copyTo.isEmpty() && drop.isEmpty();
    }

    /**
     * Whether a copy may move from one place to another without bringing two copies closer together: there, no more
     * others share its zone, nor its host, than here.
     */
    public static boolean mayMove(List<Copy> copies, Place from, Place to) {
        var others = new Crowd();
        copies.stream()
                .filter(Copy::isWanted)
                .filter(copy -> !copy.place().equals(from))
                .forEach(copy -> others.add(copy.place()));
        boolean holder = copies.stream().anyMatch(copy -> copy.place().node().equals(to.node()));
        return !holder && others.emptiestFirst().compare(to, from) <= 0;
    }

    private static Haste haste(int good, int wanted) {
        if (good >= wanted) {
            return Haste.MOVING;
        }
        return good <= 1 ? Haste.LAST_COPY : Haste.MISSING;
    }

    private static Verdict verdict(List<Copy> counting, List<Candidate> chosen, int missing, List<String> drop) {
        if (missing <= 0) {
            return drop.isEmpty() ? Verdict.SATISFIED : Verdict.TOO_MANY;
        }
        Set<List<String>> hosts = new HashSet<>();
        counting.forEach(copy -> hosts.add(host(copy.place())));
        boolean apart = chosen.stream().allMatch(node -> hosts.add(host(node.place())));
        return apart && chosen.size() == missing ? Verdict.IDEAL : Verdict.DESPERATE;
    }

    private static List<Candidate> choose(
            List<Copy> copies, List<Copy> counting, int missing, List<Candidate> inOrder) {
        Set<String> holders = new HashSet<>();
        copies.forEach(copy -> holders.add(copy.place().node()));
        var crowd = new Crowd();
        counting.forEach(copy -> crowd.add(copy.place()));
        List<Candidate> left = new ArrayList<>(
                inOrder.stream().filter(node -> !holders.contains(node.name())).toList());
        List<Candidate> chosen = new ArrayList<>();
        while (chosen.size() < missing && !left.isEmpty()) {
            // min() keeps the first of equals: the policy's order decides among equally empty domains.
            Candidate next = left.stream()
                    .min(Comparator.comparing(Candidate::place, crowd.emptiestFirst()))
                    .orElseThrow();
            left.remove(next);
            chosen.add(next);
            crowd.add(next.place());
        }
        return chosen;
    }

    /** Plans for nodes that leave: nothing is there yet, so that nothing is lost with them. */
    private static List<String> withdrawn(List<Copy> copies) {
        return copies.stream()
                .filter(copy -> copy.standing() == Copy.Standing.PLANNED && !copy.counts())
                .map(copy -> copy.place().node())
                .toList();
    }

    private static List<String> surplus(List<Copy> copies, int wanted) {
        List<Copy> safe =
                copies.stream().filter(copy -> copy.counts() && copy.isGood()).toList();
        if (safe.size() < wanted) {
            return List.of();
        }
        List<String> drop = new ArrayList<>();
        for (Copy copy : copies) {
            boolean needless = copy.standing() != Copy.Standing.GOING && !safe.contains(copy);
            // What lies on a node that does not answer can't be removed now, and may be needed when more nodes go.
            if (needless && (copy.serves() || copy.standing() == Copy.Standing.PLANNED)) {
                drop.add(copy.place().node());
            }
        }
        drop.addAll(mostCrowded(safe, safe.size() - wanted));
        return drop;
    }

    private static List<String> mostCrowded(List<Copy> safe, int count) {
        var crowd = new Crowd();
        safe.forEach(copy -> crowd.add(copy.place()));
        List<Copy> left = new ArrayList<>(safe);
        List<String> drop = new ArrayList<>();
        while (drop.size() < count) {
            Copy worst = left.stream()
                    .max(Comparator.comparing(Copy::place, crowd.emptiestFirst())
                            .thenComparingInt(Copy::priority)
                            .thenComparing(copy -> copy.place().node()))
                    .orElseThrow();
            left.remove(worst);
            crowd.remove(worst.place());
            drop.add(worst.place().node());
        }
        return drop;
    }

    private static List<String> host(Place place) {
        return List.of(place.zone(), place.host());
    }

    /** How many copies lie in each failure domain. */
    private static final class Crowd {
        private final Map<String, Integer> zones = new HashMap<>();
        private final Map<List<String>, Integer> hosts = new HashMap<>();

        void add(Place place) {
            zones.merge(place.zone(), 1, Integer::sum);
            hosts.merge(host(place), 1, Integer::sum);
        }

        void remove(Place place) {
            zones.merge(place.zone(), -1, Integer::sum);
            hosts.merge(host(place), -1, Integer::sum);
        }

        Comparator<Place> emptiestFirst() {
            return Comparator.<Place>comparingInt(place -> zones.getOrDefault(place.zone(), 0))
                    .thenComparingInt(place -> hosts.getOrDefault(host(place), 0));
        }
    }
}
