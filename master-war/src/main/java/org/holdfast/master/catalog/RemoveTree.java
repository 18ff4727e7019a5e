package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
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

    /** All files; the folders stay. */
    public void files(Caller caller, FileAddress folder) {
        for (FileAddress below : WaitForPuts.retry(() -> changeNames.beginRemoval(caller, folder))) {
            removeFiles(caller, below);
        }
    }

    /** All files and folders, and the folder itself; CONFLICT {@code folder-not-empty} when something new came meanwhile. */
    public void all(Caller caller, FileAddress folder, Conditions conditions) {
        for (FileAddress below : WaitForPuts.retry(() -> changeNames.beginRemoval(caller, folder, conditions))) {
            removeFiles(caller, below);
            Contention.retryRun(() -> changeNames.removeEmptyFolder(caller, below));
        }
    }

    private void removeFiles(Caller caller, FileAddress folder) {
        boolean more = true;
        while (more) {
            more = WaitForPuts.retry(() -> changeNames.removeSomeFiles(caller, folder));
        }
    }
}
