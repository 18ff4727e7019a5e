package org.holdfast.setup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The block of 100 loopback ports of one cluster, so that one number tells two clusters on a machine apart.
 *
 * @param base the first master's port; storage node K is at base + K, worker K's health at base + 80 + K, MariaDB at
 *     base + 95, the broker at base + 96, the second and third master at base + 97 and base + 98, the launcher's control
 *     port at base + 99
 */
public record Ports(int base) {
    /** Where a cluster is found when nobody says otherwise. */
    public static final int DEFAULT_BASE = 7400;

    /** Storage nodes that fit below the workers. */
    public static final int MAX_NODES = 79;

    /** Workers that fit between the storage nodes and MariaDB. */
    public static final int MAX_WORKERS = 14;

    /** Masters that find a port between the broker and the launcher. */
    public static final int MAX_MASTERS = 3;

    /** The highest base whose block still fits below 65536. */
    public static final int MAX_BASE = 65_436;

    private static final int BLOCK = 100;
    /** Among which a free one is looked for: below the ports that Linux gives to clients, from 32768 on. */
    private static final int BLOCKS = 245;

    /** The port of master {@code m<number>}, 1..{@value #MAX_MASTERS}. */
    public int master(int number) {
        return number == 1 ? base : base + 95 + number;
    }

    /** The port of storage node {@code sn<number>}, 1..{@value #MAX_NODES}. */
    public int node(int number) {
        return base + number;
    }

    /** The health port of {@code worker<number>}, 1..{@value #MAX_WORKERS}. */
    public int worker(int number) {
        return base + 80 + number;
    }

    /** MariaDB's port. */
    public int mariaDb() {
        return base + 95;
    }

    /** The broker's port. */
    public int broker() {
        return base + 96;
    }

    /** The launcher's control port. */
    public int control() {
        return base + 99;
    }

    /** The given ports that somebody listens on already, on loopback or on that address, in order. */
    public static List<Integer> taken(List<Integer> ports, InetAddress address) {
        return ports.stream()
                .filter(port -> !isFree(port) || !isFree(new InetSocketAddress(address, port)))
                .toList();
    }

    /**
     * Refuses a port that somebody listens on: the readiness of a server that cannot bind would otherwise be answered
     * by whoever could.
     */
    static void requireFree(int port) {
        if (!isFree(port)) {
            throw Refusal.failed("port " + port + " is taken by another program");
        }
    }

    /**
     * A block whose 100 ports are all free at this moment. The search begins anywhere, for two that begin at the same time
     * would both find the first one.
     *
     * @throws Refusal when there is none
     */
    public static Ports findFree() {
        int first = ThreadLocalRandom.current().nextInt(BLOCKS);
        for (int i = 0; i < BLOCKS; i++) {
            Ports ports = new Ports(DEFAULT_BASE + BLOCK * (1 + (first + i) % BLOCKS));
            if (ports.isWhollyFree()) {
                return ports;
            }
        }
        throw Refusal.failed("there is no free block of " + BLOCK + " ports between " + DEFAULT_BASE + " and "
                + (DEFAULT_BASE + BLOCK * (BLOCKS + 1)));
    }

    /** One free port, for a test that needs no block. Somebody else may take it before the caller does. */
    public static int anyFree() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw Refusal.failed("no free port", e);
        }
    }

    private boolean isWhollyFree() {
        for (int port = base; port < base + BLOCK; port++) {
            if (!isFree(port)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFree(int port) {
        return isFree(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static boolean isFree(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the components do it: a port that is only in TIME_WAIT after the last run counts as free.
            socket.setReuseAddress(true);
            socket.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
