package org.holdfast.master.database;

import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import org.eclipse.persistence.internal.sessions.AbstractSession;
import org.eclipse.persistence.platform.database.MariaDBPlatform;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB, with queries that are worth a second try told apart from those that are not: a connection that had died in the
 * pool is replaced at once, while a server that kept silent until the time-out keeps silent on the next connection too,
 * and whoever asks would wait for both.
 */
public final class CatalogPlatform extends MariaDBPlatform {
    private static final long serialVersionUID = 1;

    @Override
    public boolean wasFailureCommunicationBased(
            @Nullable SQLException exception, @Nullable Connection connection, AbstractSession session) {
        return !isTimeOut(exception) && super.wasFailureCommunicationBased(exception, connection, session);
    }

    private static boolean isTimeOut(@Nullable SQLException exception) {
        return exception != null && SqlFailure.causes(exception).anyMatch(SocketTimeoutException.class::isInstance);
    }
}
