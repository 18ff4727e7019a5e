package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command line with its environment and folder, to be run to its end. Immutable; output goes through files, so that a
 * talkative program never waits for its reader.
 *
 * @param words program and arguments
 * @param environment what to add to this process's own
 * @param folder where to run it
 * @param limit after which it is killed and the test fails
 */
record Program(List<String> words, Map<String, String> environment, Path folder, Duration limit) {
    /**
     * What came of it.
     *
     * @param exitCode 0..255
     * @param out all of standard output, as UTF-8
     * @param err all of standard error, as UTF-8
     */
    record Finished(Program program, int exitCode, String out, String err) {
        /** Fails with the program's own words unless it ended with this code. */
        Finished expect(int code) {
            assertThat(exitCode)
                    .as("exit code of %s%nout: %s%nerr: %s", program.words, out, err)
                    .isEqualTo(code);
            return this;
        }

        /** Fails unless it ended with 0; returns what it printed. */
        String ok() {
            return expect(0).out;
        }
    }

    static Program of(Path folder, String... words) {
        return new Program(List.of(words), Map.of(), folder, Patience.SOON.multipliedBy(2));
    }

    Program with(Map<String, String> more) {
        var all = new HashMap<>(environment);
        all.putAll(more);
        return new Program(words, Map.copyOf(all), folder, limit);
    }

    Program and(String... more) {
        var all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return new Program(List.copyOf(all), environment, folder, limit);
    }

    Program in(Path other) {
        return new Program(words, environment, other, limit);
    }

    Program within(Duration longer) {
        return new Program(words, environment, folder, longer);
    }

    /** Starts it without waiting; standard output and error go to these files, standard input is empty. */
    Process start(Path out, Path err) {
        var builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + words, e);
        }
    }

    /** Runs it to its end. */
    Finished run() {
        try {
            Path out = Files.createTempFile("out", ".txt");
            Path err = Files.createTempFile("err", ".txt");
            try {
                Process process = start(out, err);
                boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
                if (!ended) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
                var finished = new Finished(this, ended ? process.exitValue() : -1, text(out), text(err));
                assertThat(ended)
                        .as("%s ended within %s%nout: %s%nerr: %s", words, limit, finished.out, finished.err)
                        .isTrue();
                return finished;
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + words, e);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), UTF_8);
    }
}
