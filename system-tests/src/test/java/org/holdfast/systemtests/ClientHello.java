package org.holdfast.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The first message of a TLS handshake (RFC 5246, section 7.4.1.2), written byte by byte: no client of today still offers
 * what is to be refused.
 */
record ClientHello(String version, String cipherSuites) {
    private static final int HANDSHAKE = 0x16;

    /** Groups x25519 and P-256; uncompressed points; ECDSA and RSA with SHA-256. */
    private static final String EXTENSIONS = "000a00060004001d0017" + "000b00020100" + "000d0006000404030401";

    /** TLS 1.1 and what it could do: ECDHE or RSA with AES-CBC. */
    static ClientHello tls11() {
        return new ClientHello("0302", "c009c0130035002f");
    }

    /** TLS 1.2 with ECDHE-ECDSA and AES-GCM. */
    static ClientHello tls12() {
        return new ClientHello("0303", "c02bc02c");
    }

    /** Whether the server goes on with the handshake, rather than with an alert or without a word. */
    boolean isWelcomedBy(URI server) {
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(bytes());
            socket.getOutputStream().flush();
            return socket.getInputStream().read() == HANDSHAKE;
        } catch (SocketException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] bytes() {
        String suites = HexFormat.of().toHexDigits((short) (cipherSuites.length() / 2)) + cipherSuites;
        String extensions = HexFormat.of().toHexDigits((short) (EXTENSIONS.length() / 2)) + EXTENSIONS;
        byte[] body = HexFormat.of().parseHex(version + "42".repeat(32) + "00" + suites + "0100" + extensions);
        return ByteBuffer.allocate(5 + 4 + body.length)
                .put((byte) HANDSHAKE)
                .putShort((short) 0x0301)
                .putShort((short) (4 + body.length))
                .putInt(0x01000000 | body.length)
                .put(body)
                .array();
    }
}
