package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processes that a launcher left behind because it was killed. They are found by the pids on record and ended, MariaDB
 * last, before a new start: it wants their ports and their files.
 */
final class Leftovers {
    private static final Duration GRACE = Duration.ofSeconds(20);

    private Leftovers() {}

    /**
     * Ends what still runs. Call it with the data directory locked: nobody else owns these processes then.
     *
     * @return the names of what was ended
     */
    static List<String> end(DataDir data) {
        try (Stream<Path> files = Files.list(data.run())) {
            List<Path> records = files.filter(file -> file.toString().endsWith(".pid"))
                    .sorted(Comparator.comparingInt(Leftovers::order))
                    .toList();
            return records.stream().flatMap(record -> end(record).stream()).toList();
        } catch (IOException e) {
            throw Refusal.failed("cannot look for processes of an earlier run in " + data.run(), e);
        }
    }

    private static int order(Path record) {
        String name = nameOf(record);
        return name.equals("mariadb") ? 2 : name.equals("broker") ? 1 : 0;
    }

    private static Optional<String> end(Path record) {
        try {
            List<String> lines = Files.readAllLines(record, UTF_8);
            Optional<ProcessHandle> process =
                    lines.size() < 2 ? Optional.empty() : Signal.find(Long.parseLong(lines.get(0)), lines.get(1));
            process.ifPresent(running -> Signal.end(running, GRACE));
            Files.delete(record);
            return process.map(ended -> nameOf(record));
        } catch (NumberFormatException e) {
            throw Refusal.failed(record + " does not begin with a process number; look at it and delete it", e);
        } catch (IOException e) {
            throw Refusal.failed("cannot read " + record, e);
        }
    }

    private static String nameOf(Path record) {
        return String.valueOf(record.getFileName()).replace(".pid", "");
    }
}
