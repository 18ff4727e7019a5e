package org.holdfast.systemtests.bench;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;

/** The same operations at nginx. */
final class NginxFiles {
    private final URI base;
    private final AtomicLong names = new AtomicLong();
    private final Wire.Body small = new Wire.Body(new byte[256 * 1024], Store.SMALL_BYTES);
    private final Wire.Body large = new Wire.Body(new byte[256 * 1024], Store.LARGE_BYTES);

    NginxFiles(URI base) {
        this.base = base;
    }

    void prepare(Wire wire) throws IOException {
        for (int kept = 0; kept < Store.KEPT; kept++) {
            Store.require(wire.send("PUT", base.resolve("small" + kept), "", small), 201, 204);
        }
        Store.require(wire.send("PUT", base.resolve("large"), "", large), 201, 204);
    }

    long putSmall(Wire wire) throws IOException {
        Store.require(wire.send("PUT", base.resolve("p" + names.incrementAndGet() % 10_000), "", small), 201, 204);
        return Store.SMALL_BYTES;
    }

    long putLarge(Wire wire) throws IOException {
        Store.require(wire.send("PUT", base.resolve("l" + Thread.currentThread().getId()), "", large), 201, 204);
        return Store.LARGE_BYTES;
    }

    long getSmall(Wire wire) throws IOException {
        URI some = base.resolve("small" + names.incrementAndGet() % Store.KEPT);
        return Store.require(wire.send("GET", some, "", Wire.Body.NONE), 200);
    }

    long getLarge(Wire wire) throws IOException {
        return Store.require(wire.send("GET", base.resolve("large"), "", Wire.Body.NONE), 200);
    }
}
