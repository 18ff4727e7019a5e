package org.holdfast.master.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The little language of the tests of copies: {@code "wanted=2 z/h1[a=X b=_] z/h2[c=_]"} are three nodes on two hosts of
 * the zone z, of which a has a copy. A node is
 *
 * <ul>
 *   <li>{@code _} free for a copy, {@code -} none that takes one;
 *   <li>{@code X} a verified copy, {@code P} one that is planned, {@code ?} one that is in doubt, {@code G} one that is
 *       going;
 *   <li>{@code x p ?x g}: the same where it does not count, since the node leaves or the copy is to move;
 *   <li>followed by {@code !}: its node does not answer.
 * </ul>
 *
 * <p>Copies have priorities, and free nodes an order, as they stand in the text.
 */
record Layout(int wanted, List<Copy> copies, List<Candidate> free) {
    private static final Pattern HOST = Pattern.compile("(\\w+)/(\\w+)\\[([^]]*)]");

    static Layout of(String text) {
        int wanted = Integer.parseInt(text.substring("wanted=".length(), text.indexOf(' ')));
        List<Copy> copies = new ArrayList<>();
        List<Candidate> free = new ArrayList<>();
        Matcher host = HOST.matcher(text);
        while (host.find()) {
            for (String node : host.group(3).split(" ", -1)) {
                String[] both = node.split("=", 2);
                var place = new Place(both[0], host.group(1), host.group(2));
                if (both[1].equals("_")) {
                    free.add(new Candidate(place.node(), place.zone(), place.host(), 1000));
                } else if (!both[1].equals("-")) {
                    copies.add(copy(place, both[1], copies.size()));
                }
            }
        }
        return new Layout(wanted, copies, free);
    }

    private static Copy copy(Place place, String mark, int priority) {
        var standing = switch (Character.toUpperCase(mark.charAt(0))) {
            case 'X' -> Copy.Standing.VERIFIED;
            case 'P' -> Copy.Standing.PLANNED;
            case '?' -> Copy.Standing.DOUBTFUL;
            case 'G' -> Copy.Standing.GOING;
            default -> throw new IllegalArgumentException("not understood: " + mark);
        };
        String rest = mark.substring(1);
        boolean counts = !Character.isLowerCase(mark.charAt(0)) && !rest.startsWith("x");
        return new Copy(place, standing, priority, counts, !rest.endsWith("!"));
    }

    CopyPlan plan() {
        return CopyPlan.of(copies, wanted, free);
    }

    /** The plan as text: {@code ideal(d3)}, {@code desperate(d3) 1 without place}, {@code too many drop(d1 d2)}. */
    static String answer(String text) {
        CopyPlan plan = of(text).plan();
        var said = new StringBuilder(
                plan.verdict().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
        if (!plan.copyTo().isEmpty()) {
            said.append('(').append(String.join(" ", plan.copyTo())).append(')');
        }
        if (!plan.drop().isEmpty()) {
            said.append(" drop(").append(String.join(" ", plan.drop())).append(')');
        }
        if (plan.withoutPlace() > 0) {
            said.append(' ').append(plan.withoutPlace()).append(" without place");
        }
        return said.toString();
    }

    /** What the layout is once the plan has been written down, and before anything else has happened. */
    Layout carriedOut() {
        CopyPlan plan = plan();
        List<Copy> after = new ArrayList<>();
        for (Copy copy : copies) {
            if (!plan.drop().contains(copy.place().node())) {
                after.add(copy);
            } else if (copy.standing() != Copy.Standing.PLANNED) {
                after.add(new Copy(copy.place(), Copy.Standing.GOING, copy.priority(), copy.counts(), copy.serves()));
            }
        }
        for (Candidate node : free) {
            if (plan.copyTo().contains(node.name())) {
                after.add(new Copy(node.place(), Copy.Standing.PLANNED, after.size(), true, true));
            }
        }
        return new Layout(wanted, after, free);
    }
}
