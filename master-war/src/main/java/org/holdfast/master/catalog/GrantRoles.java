package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Throttle;
import org.holdfast.master.account.Tries;
import org.holdfast.master.database.Contention;

/**
 * Gives others roles. Whoever does has to hear that there is no such account, and could find out who has one: wrong names are
 * slowed down as wrong passwords are. Administrators see all accounts anyway. Runs its own transactions.
 */
@ApplicationScoped
public class GrantRoles {
    /** Who asks for many at once gets them one after the other, so that no more pass than are free. */
    private static final int TURNS = 64;

    @Inject
    ShareNames shareNames;

    @Inject
    Throttle throttle;

    private final Object[] turns = new Object[TURNS];

    public GrantRoles() {
        for (int i = 0; i < TURNS; i++) {
            turns[i] = new Object();
        }
    }

    /**
     * As {@link ShareNames#grant}.
     *
     * @throws HoldfastException also THROTTLED {@code too-many-attempts}
     */
    public void grant(Caller caller, FileAddress address, String user, FileRole role) {
        if (caller.isAdministrator()) {
            Contention.retryRun(() -> shareNames.grant(caller, address, user, role));
            return;
        }
        Tries tries = Tries.ofNames(caller.accountId());
        synchronized (turns[(int) (caller.accountId() % TURNS)]) {
            throttle.require(tries);
            try {
                Contention.retryRun(() -> shareNames.grant(caller, address, user, role));
            } catch (HoldfastException e) {
                if (e.code().equals(Accounts.UNKNOWN)) {
                    throttle.failed(tries);
                }
                throw e;
            }
        }
    }
}
