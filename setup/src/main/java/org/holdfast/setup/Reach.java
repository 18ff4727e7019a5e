package org.holdfast.setup;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where people and other machines reach the masters and storage nodes of this one. Database, broker and workers are for
 * this machine alone.
 *
 * @param listen the address that they bind
 * @param host the name or address in their URLs and certificates, as a URL has it but without brackets
 * @param port the first port of the block of 100, or 0 for "find a free block"
 */
record Reach(InetAddress listen, String host, int port) {
    static final String LOOPBACK = "127.0.0.1";

    /** By these names everything on one machine is reached from there. */
    static final List<String> LOCAL = List.of("localhost", LOOPBACK, "0:0:0:0:0:0:0:1");

    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    /** For this machine alone. */
    static Reach loopback(int port) {
        return new Reach(literal(LOOPBACK), LOOPBACK, port);
    }

    /**
     * As the command line has it.
     *
     * @param listen {@code --listen}; without it, loopback
     * @param name {@code --name}; without it, the address that is listened on
     * @throws Refusal for what is no address of this machine and no name
     */
    static Reach of(Optional<String> listen, Optional<String> name, int port) {
        InetAddress address = listen.map(Reach::own).orElse(literal(LOOPBACK));
        if (name.isEmpty() && address.isAnyLocalAddress()) {
            throw Refusal.usage("--listen " + listen.orElse("") + " is every address of this machine; say with"
                    + " --name by which name or address the others reach it");
        }
        return new Reach(address, name.map(Reach::known).orElse(address.getHostAddress()), port);
    }

    private static InetAddress own(String text) {
        if (!LITERAL.matcher(text).matches()) {
            throw Refusal.usage(
                    "--listen takes an address of this machine, such as 192.0.2.7, or 0.0.0.0 for all of them,"
                            + " not \"" + text + "\"; a name goes with --name");
        }
        InetAddress address = literal(text);
        if (!address.isAnyLocalAddress() && !isOwn(address)) {
            throw Refusal.failed("--listen " + text + " is no address of this machine");
        }
        return address;
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            throw Refusal.failed("this machine's network interfaces can't be listed", e);
        }
    }

    private static String known(String text) {
        if (LITERAL.matcher(text).matches()) {
            return literal(text).getHostAddress();
        }
        String name = text.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches()) {
            throw Refusal.usage(
                    "--name takes a host name such as files.example.org, or an address, not \"" + text + "\"");
        }
        return name;
    }

    /** No name is looked up. */
    private static InetAddress literal(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw Refusal.usage("\"" + text + "\" is no address");
        }
    }

    boolean isForThisMachineOnly() {
        return listen.isLoopbackAddress();
    }

    /**
     * Refuses a name that leads elsewhere: masters, nodes and workers call each other by it.
     *
     * @throws Refusal says what to do
     */
    void requireLeadsHere() {
        List<InetAddress> found;
        try {
            found = Arrays.asList(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw Refusal.failed(
                    "this machine does not know the name " + host
                            + ", by which its components call each other; enter it into DNS or /etc/hosts",
                    e);
        }
        boolean leadsHere = listen.isAnyLocalAddress() ? found.stream().anyMatch(Reach::isOwn) : found.contains(listen);
        if (!leadsHere) {
            throw Refusal.failed(host + " is " + found.get(0).getHostAddress() + ", where nothing would listen ("
                    + listen.getHostAddress()
                    + " would); choose another --listen, or let /etc/hosts of this machine say "
                    + "where " + host + " is");
        }
    }

    /** A base URL at one of the ports. */
    String url(String scheme, int portOfOne) {
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + portOfOne;
    }

    /** What certificates have to name. */
    List<String> hosts() {
        Stream<String> bound = listen.isAnyLocalAddress() ? Stream.of() : Stream.of(listen.getHostAddress());
        return Stream.of(LOCAL.stream(), Stream.of(host), bound)
                .flatMap(names -> names)
                .distinct()
                .toList();
    }
}
