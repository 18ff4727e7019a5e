package org.holdfast.contract;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Bounds how many records of the audit log strangers can cause: requests that were refused to whom nobody knows. The first
 * ones of an address and minute are recorded one by one, up to {@link Bounds}; the others are counted, and one record for each address and minute says how many there were. Thread-safe.
 */
public final class RefusedStrangers {
    /**
     * How many are recorded in a minute.
     *
     * @param each of one address: enough to see what somebody tries
     * @param all of all addresses
     */
    public record Bounds(int each, int all) {
        public static final String EACH_SETTING = "holdfast.audit.refused-of-address";
        public static final String ALL_SETTING = "holdfast.audit.refused";

        public static final Bounds DEFAULT = new Bounds(60, 600);

        private static final String SENTENCE =
                "The settings " + EACH_SETTING + " and " + ALL_SETTING + " take a number from 0.";

        public Bounds {
            if (each < 0 || all < 0) {
                throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", SENTENCE);
            }
        }

        /** From settings of masters and nodes, with the same names at both; INVALID {@code invalid-parameter}. */
        public static Bounds of(Function<String, Optional<String>> settings) {
            try {
                return new Bounds(
                        settings.apply(EACH_SETTING).map(Integer::parseInt).orElse(DEFAULT.each),
                        settings.apply(ALL_SETTING).map(Integer::parseInt).orElse(DEFAULT.all));
            } catch (NumberFormatException e) {
                throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", SENTENCE, e);
            }
        }
    }

    /** Addresses that are counted apart; the others are counted together. */
    static final int MOST_ADDRESSES = 1_000;

    /** The action of a record that counts. */
    public static final String COUNTED = "http.refused";

    static final String OTHERS = "others";

    private static final Duration SPAN = Duration.ofMinutes(1);
    private static final int MAX_OBJECT = 256;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private final Bounds bounds;
    private final Clock clock;
    private final Map<String, Window> windows = new HashMap<>();
    private Instant begun = Instant.MIN;
    private int recorded;

    public RefusedStrangers(Bounds bounds, Clock clock) {
        this.bounds = bounds;
        this.clock = clock;
    }

    /** The minute of an address. */
    private static final class Window {
        private final Instant begun;
        private int recorded;
        private long counted;
        private int status;
        private String component = "";

        Window(Instant begun) {
            this.begun = begun;
        }

        void count(AuditRecord record) {
            counted++;
            status = record.result().status();
            component = record.component();
        }
    }

    /** Whether somebody whom nobody knows was refused: of others each request is recorded. */
    public static boolean isOne(AuditRecord record) {
        int status = record.result().status();
        return status >= BAD_REQUEST
                && status < SERVER_ERROR
                && record.who().accountId().isEmpty();
    }

    /** What is to be recorded now, its object cut: nothing when the request is only counted. */
    public synchronized Optional<AuditRecord> admit(AuditRecord record) {
        Instant now = clock.instant();
        if (Duration.between(begun, now).compareTo(SPAN) >= 0) {
            begun = now;
            recorded = 0;
        }
        Window window = window(record);
        if (window.recorded >= bounds.each || recorded >= bounds.all) {
            window.count(record);
            return Optional.empty();
        }
        window.recorded++;
        recorded++;
        return Optional.of(cut(record));
    }

    /** Counts a request that was to be recorded and found no room. */
    public synchronized void count(AuditRecord record) {
        window(record).count(record);
    }

    private Window window(AuditRecord record) {
        String network = ClientNetwork.of(record.who().address());
        String key = windows.containsKey(network) || windows.size() < MOST_ADDRESSES ? network : OTHERS;
        return windows.computeIfAbsent(key, unused -> new Window(clock.instant()));
    }

    private static AuditRecord cut(AuditRecord record) {
        AuditRecord.What what = record.what();
        String object = what.object();
        if (object.length() <= MAX_OBJECT) {
            return record;
        }
        int end = Character.isHighSurrogate(object.charAt(MAX_OBJECT - 1)) ? MAX_OBJECT - 1 : MAX_OBJECT;
        var less = new AuditRecord.What(what.action(), object.substring(0, end) + "…", what.detail());
        return new AuditRecord(record.id(), record.at(), record.component(), record.who(), less, record.result());
    }

    /** The records of what was only counted, for each address whose minute is over. To be called each second or so. */
    public synchronized List<AuditRecord> counted() {
        Instant now = clock.instant();
        List<AuditRecord> records = new ArrayList<>();
        Iterator<Map.Entry<String, Window>> each = windows.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, Window> entry = each.next();
            Window window = entry.getValue();
            Duration took = Duration.between(window.begun, now);
            if (took.compareTo(SPAN) >= 0) {
                each.remove();
                if (window.counted > 0) {
                    records.add(record(entry.getKey(), window, now, took));
                }
            }
        }
        return records;
    }

    private AuditRecord record(String address, Window window, Instant now, Duration took) {
        return new AuditRecord(
                Ulid.next(clock),
                now,
                window.component,
                new AuditRecord.Who(Optional.empty(), AuditRecord.Who.NOBODY, AuditRecord.Via.NOBODY, address),
                new AuditRecord.What(COUNTED, "", Optional.of("count=" + window.counted + " since=" + window.begun)),
                new AuditRecord.Result(window.status, Optional.empty(), Optional.empty(), took));
    }
}
