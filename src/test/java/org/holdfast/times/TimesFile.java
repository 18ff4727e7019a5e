package org.holdfast.times;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rows of one Maven run, to which several JVMs of several modules add, and the table that is made of them.
 *
 * <p>{@code NAME.tsv} holds the run in its first line and a row in each that follows, {@code NAME.txt} the table. Whoever
 * adds holds a lock on {@code NAME.lock}. Rows of another run go with the first row of this one.
 */
final class TimesFile {
    private final Path folder;
    private final String name;
    private final String run;

    TimesFile(Path folder, String name, String run) {
        this.folder = folder;
        this.name = name;
        this.run = run;
    }

    /** May be called from several JVMs at once, but from one thread of each: a lock belongs to a whole JVM. */
    void add(TimesRow row) throws IOException {
        Files.createDirectories(folder);
        try (FileChannel channel = FileChannel.open(folder.resolve(name + ".lock"), CREATE, WRITE)) {
            channel.lock(); // ends with the channel
            List<TimesRow> rows = merged(rows(), row);
            replace(
                    name + ".tsv",
                    Stream.concat(Stream.of(run), rows.stream().map(TimesRow::line))
                            .toList());
            replace(name + ".txt", TimesTable.of(rows));
        }
    }

    private List<TimesRow> rows() throws IOException {
        Path file = folder.resolve(name + ".tsv");
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.isEmpty() || !lines.get(0).equals(run)
                ? List.of()
                : lines.stream().skip(1).map(TimesRow::ofLine).toList();
    }

    private static List<TimesRow> merged(List<TimesRow> rows, TimesRow added) {
        List<TimesRow> merged = new ArrayList<>(rows);
        for (int i = 0; i < merged.size(); i++) {
            if (merged.get(i).isOfSameClass(added)) {
                merged.set(i, merged.get(i).plus(added));
                return merged;
            }
        }
        merged.add(added);
        return merged;
    }

    /** Whole or not at all: a JVM that is killed meanwhile leaves the file as it was. */
    private void replace(String file, List<String> lines) throws IOException {
        Path fresh = folder.resolve(file + ".new");
        Files.write(fresh, lines);
        Files.move(fresh, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }
}
