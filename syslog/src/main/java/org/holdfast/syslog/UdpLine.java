package org.holdfast.syslog;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Datagrams (RFC 5426). Nobody learns whether they arrive, except where the receiver's machine says that nobody listens. */
final class UdpLine implements Line {
    private final DatagramSocket socket;

    private UdpLine(DatagramSocket socket) {
        this.socket = socket;
    }

    static UdpLine open(SyslogConfig.Receiver receiver) throws IOException {
        var socket = new DatagramSocket();
        try {
            // Connected, so that a port where nobody listens is heard of.
            socket.connect(new InetSocketAddress(InetAddress.getByName(receiver.host()), receiver.port()));
            return new UdpLine(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void send(byte[] message) throws IOException {
        socket.send(new DatagramPacket(message, message.length));
    }

    @Override
    public void close() {
        socket.close();
    }
}
