package org.holdfast.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** A server that treats each connection as its script says. A connection stays open until the server is closed. */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket server;
    private final String scheme;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();

    interface Script {
        void play(Socket connection) throws IOException;
    }

    ScriptedServer(Script script) throws IOException {
        this("http", new ServerSocket(0, 16, InetAddress.getLoopbackAddress()), script);
    }

    /** One that speaks TLS and asks for the client's certificate. */
    static ScriptedServer secured(SSLContext context, Script script) throws IOException {
        var socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 16, InetAddress.getLoopbackAddress());
        socket.setWantClientAuth(true);
        return new ScriptedServer("https", socket, script);
    }

    private ScriptedServer(String scheme, ServerSocket server, Script script) {
        this.scheme = scheme;
        this.server = server;
        var thread = new Thread(
                () -> {
                    while (!server.isClosed()) {
                        try {
                            Socket connection = server.accept();
                            connections.add(connection);
                            script.play(connection);
                        } catch (IOException e) {
                            // The client has gone, which the script meant to achieve, or the test is over.
                        }
                    }
                },
                "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Always gives this answer, after the whole of a request without a body. */
    static ScriptedServer answering(String answer) throws IOException {
        return new ScriptedServer(connection -> {
            readHead(connection);
            say(connection, answer);
            connection.close();
        });
    }

    URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort() + "/blobs/X?ticket=t%20t");
    }

    static String readHead(Socket connection) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = connection.getInputStream().read();
            if (octet < 0) {
                throw new IOException("no whole head");
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    static void say(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        connection.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
