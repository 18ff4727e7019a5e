package org.holdfast.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between a client and a TLS server, as somebody in the network may, and can end the connection without TLS. */
final class CuttingRelay implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    CuttingRelay(int target) throws IOException {
        inBackground(() -> {
            Socket near = listener.accept();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.addAll(List.of(near, far));
            inBackground(() -> near.getInputStream().transferTo(far.getOutputStream()));
            inBackground(() -> far.getInputStream().transferTo(near.getOutputStream()));
        });
    }

    URI uri() {
        return URI.create("https://127.0.0.1:" + listener.getLocalPort() + "/");
    }

    /** Ends the client's connection as if the server had. */
    void cut() throws IOException {
        sockets.get(0).shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The test is over, or one side has gone.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
