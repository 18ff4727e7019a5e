package org.holdfast.worker.health;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.holdfast.contract.Outcome;
import org.holdfast.worker.queue.SlotEvents;

/** Counts what the slots did and says it in Prometheus's text format 0.0.4. Thread-safe. */
public final class WorkerMetrics implements SlotEvents {
    private final Map<String, LongAdder> tasks = new ConcurrentSkipListMap<>();
    private final LongAdder handedBack = new LongAdder();
    private final LongAdder movedBytes = new LongAdder();

    /**
     * What is so at this moment.
     *
     * @param slots how many there are
     * @param activeSlots how many have a task in hand
     * @param connectedSlots how many are connected to the broker
     * @param certificateDaysLeft until this process's certificate ends; empty without TLS
     */
    public record Gauges(int slots, int activeSlots, int connectedSlots, Optional<Long> certificateDaysLeft) {}

    @Override
    public void reported(String kind, Outcome outcome, long bytes) {
        String labels = "kind=\"%s\",outcome=\"%s\",side=\"%s\",status=\"%d\""
                .formatted(kind, lower(outcome.condition()), lower(outcome.side()), outcome.status());
        tasks.computeIfAbsent(labels, key -> new LongAdder()).increment();
        movedBytes.add(bytes);
    }

    @Override
    public void handedBack() {
        handedBack.increment();
    }

    String text(Gauges gauges) {
        var text = new StringBuilder();
        head(text, "holdfast_worker_tasks_total", "counter", "Attempts that were reported to the master.");
        tasks.forEach(
                (labels, count) -> text.append("holdfast_worker_tasks_total{%s} %d\n".formatted(labels, count.sum())));
        single(
                text,
                "holdfast_worker_handed_back_total",
                "counter",
                "Attempts handed back at a stop.",
                handedBack.sum());
        single(text, "holdfast_worker_moved_bytes_total", "counter", "Bytes sent to targets.", movedBytes.sum());
        single(text, "holdfast_worker_slots", "gauge", "Tasks that can run at once.", gauges.slots());
        single(text, "holdfast_worker_active_slots", "gauge", "Tasks that run now.", gauges.activeSlots());
        single(
                text,
                "holdfast_worker_connected_slots",
                "gauge",
                "Slots with a connection to the broker.",
                gauges.connectedSlots());
        gauges.certificateDaysLeft()
                .ifPresent(days -> single(
                        text,
                        "holdfast_certificate_days_left",
                        "gauge",
                        "Days until this process's certificate ends.",
                        days));
        return text.toString();
    }

    private static void single(StringBuilder text, String name, String type, String help, long value) {
        head(text, name, type, help);
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
