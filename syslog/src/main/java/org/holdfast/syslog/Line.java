package org.holdfast.syslog;

import java.io.IOException;

/** An open way to the receiver. Used by one thread; {@link #close} may come from another and ends a write that hangs. */
interface Line extends AutoCloseable {
    /** Gives the message to the operating system; it may take as long as the receiver does not read. */
    void send(byte[] message) throws IOException;

    @Override
    void close();
}
