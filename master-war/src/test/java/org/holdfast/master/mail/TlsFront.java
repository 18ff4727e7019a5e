package org.holdfast.master.mail;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** TLS for a mail server that has none: by STARTTLS (RFC 3207) or from the first byte (RFC 8314). */
final class TlsFront implements AutoCloseable {
    private final ServerSocket listener;
    private final SSLContext context;
    private final MailConfig.Security security;
    private final int portBehind;

    TlsFront(SSLContext context, MailConfig.Security security, int portBehind) throws IOException {
        this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        this.context = context;
        this.security = security;
        this.portBehind = portBehind;
        start(() -> {
            while (true) {
                Socket client = listener.accept();
                start(() -> serve(client));
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void serve(Socket client) throws IOException {
        try (client;
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), portBehind)) {
            if (security == MailConfig.Security.STARTTLS) {
                say(client, "220 a server with TLS");
                while (!line(client).equals("STARTTLS")) {
                    say(client, "250-what there is:\r\n250 STARTTLS");
                }
                say(client, "220 go on");
                // The client has been greeted.
                var unused = line(behind);
            }
            SSLSocket secured =
                    (SSLSocket) context.getSocketFactory().createSocket(client, "localhost", client.getPort(), true);
            secured.setUseClientMode(false);
            secured.startHandshake();
            start(() -> secured.getInputStream().transferTo(behind.getOutputStream()));
            var unused = behind.getInputStream().transferTo(secured.getOutputStream());
        }
    }

    private static void say(Socket to, String text) throws IOException {
        to.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Byte by byte, since what follows the line is not ours. */
    private static String line(Socket from) throws IOException {
        var line = new StringBuilder();
        for (int next = from.getInputStream().read();
                next != '\n';
                next = from.getInputStream().read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private interface Work {
        void run() throws IOException;
    }

    /** In a thread of its own, until the connection ends. */
    private static void start(Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | UncheckedIOException e) {
                // Either side has hung up; what the test sees of it is whether the mail has arrived.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
