package org.holdfast.worker;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The command line.
 *
 * @param help whether {@code --help} was asked for
 * @param concurrency {@code --concurrency N}
 * @param grace {@code --grace SECONDS}
 */
record Arguments(boolean help, Optional<Integer> concurrency, Optional<Duration> grace) {
    static final String HELP = """
            usage: java [-Dholdfast.…=…] -jar holdfast-worker.jar [--concurrency N] [--grace SECONDS]

            Takes tasks from the broker, moves blobs between storage nodes, reports what came back.
            SIGTERM stops it warmly: no further task is taken, running ones may finish within the grace time.

              --concurrency N    tasks at once (4)
              --grace SECONDS    time for running tasks after SIGTERM before they are handed back (20)
              --help             this text

            Settings, as system properties or environment variables (HOLDFAST_BROKER_URL …):
              holdfast.worker.name              name in results (worker)
              holdfast.broker.url               tcp://127.0.0.1:7496
              holdfast.broker.user              holdfast
              holdfast.broker.password-file     required
              holdfast.tls.key-store            PKCS#12, with holdfast.tls.password-file; without: plain text
              holdfast.worker.health-address    127.0.0.1
              holdfast.worker.health-port       7481; 0 takes any free one
              holdfast.worker.connect-timeout   PT5S
              holdfast.worker.stall-timeout     PT1M
              holdfast.worker.log-level         INFO

            Exit codes: 0 stopped, 1 failed, 2 wrong arguments or settings.
            """;

    static Arguments parse(List<String> words) {
        boolean help = false;
        Optional<Integer> concurrency = Optional.empty();
        Optional<Duration> grace = Optional.empty();
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--help", "-h" -> help = true;
                case "--concurrency" ->
                    concurrency = Optional.of(number(word, value(word, rest), 1, WorkerConfig.MAX_CONCURRENCY));
                case "--grace" -> grace = Optional.of(Duration.ofSeconds(number(word, value(word, rest), 0, 86_400)));
                default -> throw new UsageException("unknown argument '" + word + "'; --help tells them all");
            }
        }
        return new Arguments(help, concurrency, grace);
    }

    static int number(String name, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new UsageException(name + " needs a number, not '" + text + "'", e);
        }
        throw new UsageException(name + " lies between " + least + " and " + most);
    }

    private static String value(String word, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new UsageException(word + " needs a value");
        }
        return rest.next();
    }
}
