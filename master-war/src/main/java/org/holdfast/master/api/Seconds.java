package org.holdfast.master.api;

import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Optional;

/** Durations in answers: whole seconds, null when it can't be told. */
final class Seconds {
    private Seconds() {}

    static void add(JsonObjectBuilder json, String name, Optional<Duration> duration) {
        duration.ifPresentOrElse(known -> json.add(name, known.toSeconds()), () -> json.addNull(name));
    }
}
