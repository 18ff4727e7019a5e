package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Contention;

/**
 * Removes what is below a folder, folder by folder, in transactions of their own: each costs as much as it removes, however
 * much is there. Whatever ends it early, a lock, a failure, leaves the rest as it was.
 */
@ApplicationScoped
public class RemoveTree {
    @Inject
    ChangeNames changeNames;

    @Inject
    Clock clock;

    /**
     * How far a removal has come.
     *
     * @param files that are gone by it
     * @param isDone whether nothing is left
     */
    public record Progress(long files, boolean isDone) {}

    /** All files; the folders stay. */
    public void files(Caller caller, FileAddress folder) {
        var removal = new Removal(caller, Instant.MAX);
        for (FileAddress below : WaitForPuts.retry(() -> changeNames.beginRemoval(caller, folder))) {
            removal.removeFiles(below);
        }
    }

    /** All files and folders, and the folder itself; CONFLICT {@code folder-not-empty} when something new came meanwhile. */
    public void all(Caller caller, FileAddress folder, Conditions conditions) {
        var unused = all(caller, folder, conditions, Instant.MAX);
    }

    /** The same, as far as it comes in this time, and one step at least: who asks again goes on from there. */
    public Progress within(Caller caller, FileAddress folder, Conditions conditions, Duration time) {
        return all(caller, folder, conditions, clock.instant().plus(time));
    }

    private Progress all(Caller caller, FileAddress folder, Conditions conditions, Instant end) {
        var removal = new Removal(caller, end);
        for (FileAddress below : WaitForPuts.retry(() -> changeNames.beginRemoval(caller, folder, conditions))) {
            if (!removal.removeFiles(below)) {
                return new Progress(removal.files, false);
            }
            Contention.retryRun(() -> changeNames.removeEmptyFolder(caller, below));
        }
        return new Progress(removal.files, true);
    }

    /** One that is under way. */
    private final class Removal {
        private final Caller caller;
        private final Instant end;
        private boolean hasBegun;
        private long files;

        Removal(Caller caller, Instant end) {
            this.caller = caller;
            this.end = end;
        }

        /** Returns false when the time is over before all are gone. */
        boolean removeFiles(FileAddress folder) {
            boolean more = true;
            while (more) {
                if (hasBegun && !clock.instant().isBefore(end)) {
                    return false;
                }
                ChangeNames.Step step = WaitForPuts.retry(() -> changeNames.removeSomeFiles(caller, folder));
                hasBegun = true;
                files += step.files();
                more = step.mayBeMore();
            }
            return true;
        }
    }
}
