package org.holdfast.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.holdfast.contract.LeastRate;
import org.holdfast.contract.SharedPlaces.Taker;
import org.holdfast.contract.Ticket;
import org.junit.jupiter.api.Test;

class BandwidthTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong now = new AtomicLong(17);
    private Optional<Long> cap = Optional.of(1_000L);
    private final Bandwidth bandwidth = new Bandwidth(now::get, () -> cap);

    @Test
    void withoutACapNobodyWaits() {
        assertThat(bandwidth.price(1_000)).isPositive();
        cap = Optional.empty();
        assertThat(bandwidth.price(1L << 40)).isZero();
    }

    @Test
    void allWhoShareItWaitInTurn() {
        long first = bandwidth.price(100);
        assertThat(first).isBetween(SECOND / 20 - 1, SECOND / 10);
        assertThat(bandwidth.price(100) - first).isEqualTo(SECOND / 10);
    }

    @Test
    void aPauseIsNotSavedUp() {
        now.addAndGet(100 * SECOND);
        long total = 0;
        for (int i = 0; i < 10; i++) {
            total = bandwidth.price(100);
        }
        assertThat(total).isBetween(SECOND * 9 / 10, SECOND);
    }

    @Test
    void theRateHoldsForManyTransfersAndClientsAreNotHeldUp() throws Exception {
        long rate = 8_000_000;
        var real = new Bandwidth(System::nanoTime, () -> Optional.of(rate));
        var transfers = new Transfers(Transfers.places(100, 100), real, LeastRate.NONE, LeastRate.DEFAULT);
        var pool = Executors.newFixedThreadPool(4);
        try {
            long began = System.nanoTime();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Ticket.Operation operation = i % 2 == 0 ? Ticket.Operation.COPY : Ticket.Operation.REPLICATE;
                running.add(pool.submit(() -> move(transfers, operation, rate / 4)));
            }
            long client = System.nanoTime();
            move(transfers, Ticket.Operation.GET, 100 * rate);
            move(transfers, Ticket.Operation.PUT, 100 * rate);
            assertThat(System.nanoTime() - client).isLessThan(SECOND / 2);
            for (Future<?> one : running) {
                one.get(10, TimeUnit.SECONDS);
            }
            double seconds = (System.nanoTime() - began) / (double) SECOND;
            assertThat(rate / seconds).isBetween(0.9 * rate, 1.06 * rate);
        } finally {
            pool.shutdownNow();
        }
    }

    private static void move(Transfers transfers, Ticket.Operation operation, long bytes) {
        try (var slot = transfers.begin(operation, Taker.MEMBER)) {
            int step = slot.bufferBytes(bytes);
            for (long left = bytes; left > 0; left -= step) {
                slot.received(Math.min(step, left));
            }
        }
    }
}
