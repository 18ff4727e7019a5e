package org.holdfast.systemtests.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** What is measured of one cluster; needs a namespace {@code bench}. */
final class Store {
    static final int SMALL_BYTES = 4 * 1024;
    static final long LARGE_BYTES = 256L * 1024 * 1024;
    static final int KEPT = 64;

    private final URI master;
    private final String authorization;
    private final AtomicLong names = new AtomicLong();
    private final byte[] pattern = new byte[256 * 1024];

    /** @param credentials {@code user:password} */
    Store(URI master, String credentials) {
        this.master = master;
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        new Random(1).nextBytes(pattern);
    }

    /** One operation of one client; returns the bytes that it moved. */
    interface Operation {
        long once(Wire wire) throws IOException;
    }

    /** Puts what the reads read. */
    void prepare(Wire wire) throws IOException {
        for (int kept = 0; kept < KEPT; kept++) {
            require(wire.send("PUT", files("small" + kept), authorization, small()), 201);
        }
        require(wire.send("PUT", files("large"), authorization, large()), 201);
    }

    long oneStepSmall(Wire wire) throws IOException {
        require(wire.send("PUT", files("one/" + names.incrementAndGet()), authorization, small()), 201);
        return SMALL_BYTES;
    }

    long oneStepLarge(Wire wire) throws IOException {
        require(wire.send("PUT", files("large-one" + Thread.currentThread().getId()), authorization, large()), 201);
        return LARGE_BYTES;
    }

    long twoStepSmall(Wire wire) throws IOException {
        return twoStep(wire, "two/" + names.incrementAndGet(), small());
    }

    long twoStepLarge(Wire wire) throws IOException {
        return twoStep(wire, "large-two" + Thread.currentThread().getId(), large());
    }

    private long twoStep(Wire wire, String name, Wire.Body body) throws IOException {
        URI uploads = master.resolve("api/v1/uploads/bench/" + name + "?size=" + body.lengthBytes());
        Wire.Reply ticket = wire.send("POST", uploads, authorization, Wire.Body.NONE);
        require(ticket, 201);
        require(wire.send("PUT", location(ticket), "", body), 201);
        return body.lengthBytes();
    }

    long getSmall(Wire wire) throws IOException {
        return get(wire, someSmall());
    }

    long getLarge(Wire wire) throws IOException {
        return get(wire, "large");
    }

    private long get(Wire wire, String name) throws IOException {
        Wire.Reply redirect = wire.send("GET", files(name), authorization, Wire.Body.NONE);
        require(redirect, 307);
        return require(wire.send("GET", location(redirect), "", Wire.Body.NONE), 200);
    }

    /** The node's part alone, with tickets that were asked for before. */
    Operation nodeGet(String prefix) throws IOException {
        List<URI> tickets = new ArrayList<>();
        try (var wire = new Wire()) {
            for (int kept = 0; kept < KEPT; kept++) {
                Wire.Reply redirect = wire.send("GET", files(prefix + kept), authorization, Wire.Body.NONE);
                tickets.add(location(redirect));
            }
        }
        return wire ->
                require(wire.send("GET", tickets.get((int) (names.incrementAndGet() % KEPT)), "", Wire.Body.NONE), 200);
    }

    String someSmall() {
        return "small" + names.incrementAndGet() % KEPT;
    }

    private URI files(String name) {
        return master.resolve("api/v1/files/bench/" + name);
    }

    Wire.Body small() {
        return new Wire.Body(pattern, SMALL_BYTES);
    }

    Wire.Body large() {
        return new Wire.Body(pattern, LARGE_BYTES);
    }

    private static URI location(Wire.Reply reply) throws IOException {
        return URI.create(reply.header("location").orElseThrow(() -> new IOException("no Location in " + reply)));
    }

    static long require(Wire.Reply reply, int... expected) throws IOException {
        for (int status : expected) {
            if (reply.status() == status) {
                return reply.bodyBytes();
            }
        }
        throw new IOException("unexpected answer " + reply);
    }
}
