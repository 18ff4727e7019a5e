package org.holdfast.master.catalog;

import java.time.Duration;
import org.holdfast.contract.SharedPlaces;

/**
 * How much of what takes long runs at this master at once.
 *
 * @param puts in one step, whose bytes stream through; the pool has more threads, so that other requests go on
 * @param archives each of which holds a thread
 * @param searches of the 64 connections to the database, so that the others go on
 */
public record MasterPlaces(SharedPlaces puts, SharedPlaces archives, SharedPlaces searches) {
    private static final int PUTS = 768;
    private static final int ARCHIVES = 64;
    private static final int SEARCHES = 8;

    /** All of them free; one account may have that many of a hundred. */
    public static MasterPlaces of(int percent) {
        return new MasterPlaces(
                new SharedPlaces("puts that stream through this master", PUTS, percent, Duration.ofSeconds(1)),
                new SharedPlaces("archives of this master", ARCHIVES, percent, Duration.ofSeconds(5)),
                new SharedPlaces("searches of this master", SEARCHES, percent, Duration.ofSeconds(2)));
    }
}
