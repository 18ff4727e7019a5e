package org.holdfast.master.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import org.eclipse.persistence.internal.sessions.DatabaseSessionImpl;
import org.eclipse.persistence.sessions.DatabaseLogin;
import org.junit.jupiter.api.Test;

class CatalogPlatformTest {
    private static final Connection DEAD = (Connection) Proxy.newProxyInstance(
            CatalogPlatformTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
                if (method.getName().equals("isValid")) {
                    return false;
                }
                throw new SQLException("the connection is closed");
            });

    private final CatalogPlatform platform = new CatalogPlatform();

    @Test
    void aConnectionThatDiedInThePoolIsReplaced() {
        assertThat(isWorthASecondTry(new EOFException())).isTrue();
    }

    @Test
    void whoWaitedForASilentServerDoesNotWaitOnceMore() {
        assertThat(isWorthASecondTry(new SocketTimeoutException())).isFalse();
        assertThat(isWorthASecondTry(new SQLException(new SocketTimeoutException())))
                .isFalse();
    }

    private boolean isWorthASecondTry(Exception cause) {
        var failure = new SQLNonTransientConnectionException("Socket error", "08000", cause);
        return platform.wasFailureCommunicationBased(
                failure, DEAD, new DatabaseSessionImpl(new DatabaseLogin(platform)));
    }
}
