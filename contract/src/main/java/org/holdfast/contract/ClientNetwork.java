package org.holdfast.contract;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What counts as one client where clients are counted: an IPv4 address, or the /64 of an IPv6 one. A single connection is
 * given at least a /64 (RFC 6177), so whoever has one IPv6 address has 2 to the 64th power of them.
 */
public final class ClientNetwork {
    private static final int MOST_CHARACTERS = 40;

    private ClientNetwork() {}

    /**
     * The network of a client.
     *
     * @param address as a connection has it; what is no IPv6 address counts as it is, cut
     * @return printable ASCII where the address is, of at most 40 characters: {@code 192.0.2.7},
     *     {@code 2001:db8:0:1::/64}
     */
    public static String of(String address) {
        // Only what has a colon: anything else would be looked up as a name.
        if (address.indexOf(':') >= 0) {
            try {
                InetAddress parsed = InetAddress.getByName(address.replaceAll("%.*", ""));
                return parsed instanceof Inet6Address ? half(parsed.getAddress()) : parsed.getHostAddress();
            } catch (UnknownHostException e) {
                // No address: counted as it is.
            }
        }
        return address.substring(0, Math.min(MOST_CHARACTERS, address.length()));
    }

    private static String half(byte[] address) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i += 2) {
            text.append(Integer.toHexString((address[i] & 0xff) << 8 | (address[i + 1] & 0xff)))
                    .append(':');
        }
        return text.append(":/64").toString();
    }
}
