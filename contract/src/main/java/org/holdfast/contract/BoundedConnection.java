package org.holdfast.contract;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A connection on which little waits for a slow reader.
 *
 * <p>Grizzly writes into a queue on the heap and holds the writer back when that has four times the size of the socket's
 * send buffer: some 10 MiB each on loopback, twice that with what TLS makes of it, so that ten readers that hardly read end
 * a process of 256 MiB. Here the writer is held back as soon as {@value #QUEUED_BYTES} bytes wait; so there are never more
 * than these and its last write. The kernel's buffer is left to the kernel: it grows with what the line carries.
 */
public final class BoundedConnection {
    /** One record of TLS. The kernel has far more to send while the writer fetches the next bytes. */
    static final int QUEUED_BYTES = 16 * 1024;

    private static final Logger LOG = System.getLogger(BoundedConnection.class.getName());
    private static final Class<?>[] SIZE = {int.class};
    private static final Class<?>[] TIME = {long.class, TimeUnit.class};

    private BoundedConnection() {}

    /**
     * Bounds what waits on the connection that a request came by, from now on.
     *
     * @param servletRequest as the container gave it, in no wrapper
     * @param patience how long one write waits for a reader that takes nothing; then the connection is closed
     */
    public static void of(Object servletRequest, Duration patience) {
        try {
            Object connection = Grizzly.connection(servletRequest);
            Object unused = Grizzly.run(connection, "setMaxAsyncWriteQueueSize", SIZE, QUEUED_BYTES);
            unused = Grizzly.run(connection, "setWriteTimeout", TIME, patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.ERROR, "what waits for a slow reader is not bounded", e);
        }
    }
}
