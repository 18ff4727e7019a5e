package org.holdfast.systemtests;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The connection of a client at an address of this machine: made when it is needed, and again after it was closed. */
final class ClientLine {
    private final URI server;
    private final String source;
    private @Nullable Socket socket;

    ClientLine(URI server, String source) {
        this.server = server;
        this.source = source;
    }

    boolean isOpen() {
        return socket != null;
    }

    Socket open() throws IOException {
        Socket open = socket;
        if (open == null) {
            open = RawHttp.connect(server, source);
            socket = open;
        }
        return open;
    }

    void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // It is given up anyway.
        }
        socket = null;
    }
}
