package org.holdfast.master.account;

import org.holdfast.contract.ClientNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The program at the other end of a connection.
 *
 * @param address its address, as the connection has it, or as a node of the cluster tells whom it passes on; what other
 *     proxies tell in headers is not believed
 * @param userAgent what it calls itself, cut, without control characters; empty when it says nothing
 */
public record Client(String address, String userAgent) {
    private static final int MAX_ADDRESS = 64;
    private static final int MAX_USER_AGENT = 200;

    /** Of a request's parts. */
    public static Client of(@Nullable String address, @Nullable String userAgent) {
        return new Client(cut(address, MAX_ADDRESS), cut(userAgent, MAX_USER_AGENT));
    }

    /** What its wrong guesses are counted by. */
    String network() {
        return ClientNetwork.of(address);
    }

    private static String cut(@Nullable String text, int most) {
        String plain = text == null ? "" : text.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.substring(0, Math.min(most, plain.length()));
    }
}
