package org.holdfast.worker;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.holdfast.contract.TlsIdentity;
import org.holdfast.worker.health.HealthServer;
import org.holdfast.worker.health.WorkerMetrics;
import org.holdfast.worker.queue.Broker;
import org.holdfast.worker.queue.HearOrders;
import org.holdfast.worker.queue.ProgressBeat;
import org.holdfast.worker.queue.Slot;
import org.holdfast.worker.transfer.CarryOutTask;
import org.holdfast.worker.transfer.Transfer;
import org.holdfast.worker.transfer.TransferBoard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running worker: its slots, its progress beat, its health server. */
final class Worker {
    /** Enough for a slot to notice that its connections are closed and to roll back. */
    private static final Duration HAND_BACK = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final WorkerConfig config;
    private final Clock clock;
    private final TransferBoard board;
    private final Broker broker;
    private final ProgressBeat progress;
    private final HearOrders orders;
    private final HealthServer health;
    private final List<Slot> slots = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Starts; the broker may be away, it is waited for.
     *
     * @throws IOException when the health address can't be bound
     */
    Worker(WorkerConfig config, Clock clock) throws IOException {
        this.config = config;
        config.identity().ifPresent(TlsIdentity::install);
        config.identity().ifPresent(own -> watchCertificate(own, clock));
        this.clock = clock;
        this.board = new TransferBoard(clock);
        this.broker = new Broker(config.broker());
        this.progress = new ProgressBeat(config.name(), clock, broker, board);
        this.orders = new HearOrders(broker, board);
        var metrics = new WorkerMetrics();
        var work = new CarryOutTask(config.transfer());
        for (int i = 0; i < config.concurrency(); i++) {
            var slot = new Slot(config.name(), clock, broker, work, board, metrics);
            slots.add(slot);
            threads.add(new Thread(slot, "slot-" + (i + 1)));
        }
        this.health = new HealthServer(config.health(), tlsOfHealth(config), metrics, this::gauges, this::isAlive);
        threads.forEach(Thread::start);
        startDaemon(progress, "progress");
        startDaemon(orders, "orders");
        LOG.info(
                "worker {} with {} slots, health on {}:{}",
                config.name(),
                config.concurrency(),
                config.health().address(),
                health.port());
    }

    /** What does not leave the machine needs no TLS; a health check in a container may be a shell's. */
    private static Optional<SSLContext> tlsOfHealth(WorkerConfig config) {
        return config.identity().filter(own -> !config.health().isLoopback()).map(TlsIdentity::context);
    }

    /** Warns of its end, at the start and each day. */
    private static void watchCertificate(TlsIdentity own, Clock clock) {
        startDaemon(
                () -> {
                    try {
                        while (true) {
                            own.warning(clock.instant()).ifPresent(LOG::warn);
                            TimeUnit.DAYS.sleep(1);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "certificate");
    }

    private static void startDaemon(Runnable work, String name) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    int healthPort() {
        return health.port();
    }

    /** Warm shutdown: see {@link Arguments#HELP}. Returns when every task is reported or handed back. */
    void stop() {
        LOG.info("stopping, {} tasks in hand", board.active().size());
        slots.forEach(Slot::stop);
        join(config.grace());
        board.active().forEach(Transfer::abort);
        join(HAND_BACK);
        if (isAnyRunning()) {
            slots.forEach(Slot::cut);
            join(HAND_BACK);
        }
        progress.stop();
        orders.stop();
        health.close();
        broker.close();
        LOG.info("stopped");
    }

    /** Whether {@link #stop} has done its work. */
    boolean isStopped() {
        return !isAnyRunning();
    }

    /** Waits until all slots have ended, which they do after {@link #stop} only. */
    void await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void join(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        try {
            for (Thread thread : threads) {
                long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (leftMillis > 0) {
                    thread.join(leftMillis);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isAnyRunning() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    private boolean isAlive() {
        return threads.stream().allMatch(Thread::isAlive);
    }

    private WorkerMetrics.Gauges gauges() {
        int connected = (int) slots.stream().filter(Slot::isConnected).count();
        var daysLeft = config.identity().map(own -> own.daysLeft(clock.instant()));
        return new WorkerMetrics.Gauges(slots.size(), board.active().size(), connected, daysLeft);
    }
}
