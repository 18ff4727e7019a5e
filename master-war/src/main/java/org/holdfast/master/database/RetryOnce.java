package org.holdfast.master.database;

import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/**
 * Lets EclipseLink repeat a query whose connection had died once and at once: enough after a restart of the database,
 * which leaves dead connections in the pool. Its own three times with pauses of 5 s hold a request for half a minute when the
 * database does not answer.
 */
public final class RetryOnce implements SessionCustomizer {
    @Override
    public void customize(Session session) {
        if (session.getDatasourceLogin() instanceof DatabaseLogin login) {
            login.setQueryRetryAttemptCount(1);
            login.setDelayBetweenConnectionAttempts(0);
        }
    }
}
