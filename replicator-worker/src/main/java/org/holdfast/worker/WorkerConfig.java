package org.holdfast.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.holdfast.contract.TlsIdentity;
import org.holdfast.worker.health.HealthConfig;
import org.holdfast.worker.queue.BrokerConfig;
import org.holdfast.worker.transfer.TransferConfig;

/**
 * All that a worker is told, read once at the start.
 *
 * <p>Settings come from system properties ({@code -Dholdfast.broker.url=…}) or the environment ({@code
 * HOLDFAST_BROKER_URL}), secrets from files; arguments win over both.
 *
 * @param name shown in results and progress
 * @param concurrency tasks at once, 1 to {@value #MAX_CONCURRENCY}
 * @param grace how long running transfers may go on after a SIGTERM
 * @param broker the broker
 * @param identity who this process is within TLS; empty for plain text
 * @param health where to answer questions about health
 * @param transfer bounds on transfers
 */
record WorkerConfig(
        String name,
        int concurrency,
        Duration grace,
        BrokerConfig broker,
        Optional<TlsIdentity> identity,
        HealthConfig health,
        TransferConfig transfer) {
    static final int MAX_CONCURRENCY = 256;

    static WorkerConfig read(Arguments arguments, Function<String, Optional<String>> settings) {
        var source = new Settings(settings);
        return new WorkerConfig(
                source.text("holdfast.worker.name", "worker"),
                arguments.concurrency().orElse(source.number("holdfast.worker.concurrency", 4, 1, MAX_CONCURRENCY)),
                arguments.grace().orElse(source.duration("holdfast.worker.grace", "PT20S")),
                new BrokerConfig(
                        source.text("holdfast.broker.url", "tcp://127.0.0.1:7496"),
                        source.text("holdfast.broker.user", "holdfast"),
                        source.secret("holdfast.broker.password-file")),
                TlsIdentity.of(settings),
                new HealthConfig(
                        source.text("holdfast.worker.health-address", "127.0.0.1"),
                        source.number("holdfast.worker.health-port", 7481, 0, 65_535)),
                new TransferConfig(
                        source.duration("holdfast.worker.connect-timeout", "PT5S"),
                        source.duration("holdfast.worker.stall-timeout", "PT1M")));
    }

    /** System properties before the environment, in MicroProfile Config's spelling of both. */
    static Optional<String> systemSetting(String name) {
        String variable = name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        return Optional.ofNullable(System.getProperty(name))
                .or(() -> Optional.ofNullable(System.getenv(variable)))
                .filter(text -> !text.isBlank());
    }

    private record Settings(Function<String, Optional<String>> source) {
        String text(String name, String otherwise) {
            return source.apply(name).map(String::strip).orElse(otherwise);
        }

        int number(String name, int otherwise, int least, int most) {
            return Arguments.number(name, text(name, Integer.toString(otherwise)), least, most);
        }

        Duration duration(String name, String otherwise) {
            String text = text(name, otherwise);
            try {
                Duration duration = Duration.parse(text);
                if (!duration.isNegative() && duration.compareTo(Duration.ofDays(1)) <= 0) {
                    return duration;
                }
            } catch (DateTimeParseException e) {
                throw new UsageException(name + " is a duration such as PT20S, not '" + text + "'", e);
            }
            throw new UsageException(name + " lies between PT0S and PT24H");
        }

        Path file(String name) {
            return source.apply(name)
                    .map(Path::of)
                    .orElseThrow(() -> new UsageException(name + " is not set; it names a file"));
        }

        String secret(String name) {
            Path file = file(name);
            try {
                return Files.readString(file, StandardCharsets.UTF_8).strip();
            } catch (IOException e) {
                throw new UsageException("the file " + file + " of " + name + " can't be read", e);
            }
        }
    }
}
