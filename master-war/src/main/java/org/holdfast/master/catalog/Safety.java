package org.holdfast.master.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;

/**
 * How safe all files are, in a word and in a sentence: the same ones for the console, the script and the API. Versions that
 * are kept count as files.
 *
 * @param level the word
 * @param verdict the sentence
 */
public record Safety(Level level, String verdict) {
    /** From the best to the worst. */
    public enum Level {
        /** Every file has all its copies, on nodes that run. */
        SAFE(0),
        /** Every copy is there or expected back. */
        WAITING(1),
        /** Copies are missing and are being made. */
        HEALING(2),
        /** Files have one readable copy left. */
        ENDANGERED(3),
        /** Files can't be read. */
        UNREADABLE(4);

        private final int number;

        Level(int number) {
            this.number = number;
        }

        /** For those who watch numbers: the higher the worse. */
        public int number() {
            return number;
        }
    }

    /** More than so many kinds of files that are short of copies are no sentence. */
    private static final int MOST_SHARES = 2;

    /** The verdict about these numbers. */
    public static Safety of(ClusterTotals.Totals totals, Instant now) {
        var copies = totals.copies();
        if (copies.unreadable() > 0) {
            return new Safety(Level.UNREADABLE, "Not safe: " + files(copies.unreadable()) + " can't be read now.");
        }
        if (copies.endangered() > 0) {
            return new Safety(
                    Level.ENDANGERED,
                    "Not safe: " + have(copies.endangered()) + " one readable copy left" + healing(totals, now) + ".");
        }
        if (copies.missing() > 0) {
            return new Safety(
                    Level.HEALING,
                    "No file is in danger, but "
                            + (copies.missing() == 1
                                    ? "1 copy is missing."
                                    : copies.missing() + " copies are missing."));
        }
        return totals.fewRunning().versions() == 0
                ? new Safety(Level.SAFE, "Safe: every file has all its copies.")
                : new Safety(Level.WAITING, waiting(totals.fewRunning()) + healing(totals, now) + ".");
    }

    private static String waiting(ClusterTotals.FewRunning few) {
        String older = few.olderVersions() == 0
                ? ""
                : few.olderVersions() == 1 ? " and 1 older version" : " and " + few.olderVersions() + " older versions";
        String who = older.isEmpty() ? have(few.files()) : files(few.files()) + older + " have";
        String shares = few.shares().size() > MOST_SHARES
                ? " fewer copies than wanted"
                : few.shares().stream()
                        .map(share -> share.running() + " of " + share.wanted())
                        .collect(Collectors.joining(" or ", " ", " copies"));
        return "Readable; " + who + shares + " on running nodes";
    }

    private static String healing(ClusterTotals.Totals totals, Instant now) {
        if (totals.fewRunning().healingBeginsAt().isEmpty()) {
            return totals.copies().missing() > 0 ? "" : "; the others are being verified";
        }
        Duration left =
                Duration.between(now, totals.fewRunning().healingBeginsAt().get());
        long seconds = Math.max(1, left.plusMillis(999).toSeconds());
        return "; healing begins in " + (seconds < 60 ? seconds + " s" : (seconds + 59) / 60 + " min");
    }

    private static String files(long count) {
        return count == 1 ? "1 file" : count + " files";
    }

    private static String have(long count) {
        return files(count) + (count == 1 ? " has" : " have");
    }
}
