package org.holdfast.contract;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names by which a machine calls itself (RFC 6761, section 6.3). What a browser is told to remember of one of them holds for
 * everything else that runs there: who is told to come back within TLS only can't open any other {@code http://localhost}.
 */
public final class LocalName {
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}|\\[?::1]?");

    private LocalName() {}

    /** Whether a host of a URL is one; a port doesn't belong to it. */
    public static boolean is(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return plain.equals("localhost")
                || plain.endsWith(".localhost")
                || LOOPBACK.matcher(plain).matches()
                || plain.equals("[0:0:0:0:0:0:0:1]");
    }
}
