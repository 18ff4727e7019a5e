package org.holdfast.master.catalog;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The body of a put that holds a lock, which is renewed while bytes arrive: nobody gets the name of a slow sender before it
 * has come to its end. That of a silent one runs out, as at a node. Not thread-safe.
 */
final class RenewingBody extends FilterInputStream {
    private final Duration every;
    private final Clock clock;
    private final Runnable renew;
    private Instant renewedAt;

    /**
     * Around a body whose lock was taken just now.
     *
     * @param every shortest time between two renewals
     * @param renew must not throw: a lock that was not renewed is no reason to give the put up
     */
    RenewingBody(InputStream body, Duration every, Clock clock, Runnable renew) {
        super(body);
        this.every = every;
        this.clock = clock;
        this.renew = renew;
        this.renewedAt = clock.instant();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        Instant now = clock.instant();
        if (read > 0 && !now.isBefore(renewedAt.plus(every))) {
            renew.run();
            renewedAt = now;
        }
        return read;
    }
}
