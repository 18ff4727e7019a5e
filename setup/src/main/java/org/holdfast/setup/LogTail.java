package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.holdfast.contract.OneLine;

/**
 * What a component has written to its log since it was started.
 *
 * @param log the file
 * @param startBytes where this run's part begins
 */
record LogTail(Path log, long startBytes) {
    /** Enough for the longest stack trace of a failed deployment seen (180 KiB), and bounded. */
    private static final int MAX_BYTES = 512 * 1024;

    private static final int REASON_LINES = 6;
    private static final int LINE_CHARS = 300;

    /** What Payara writes when an application does not deploy; its process then lives on without it. */
    private static final Pattern FAILED_DEPLOYMENT = Pattern.compile(
            "Exception while (loading|deploying|preparing|starting) the app|Error occurred during deployment"
                    + "|Failed to deploy|There was an error deploying|Deployment of .* failed|PER01003|CORE10010");

    private static final Pattern MEANINGFUL = Pattern.compile(
            "SEVERE|FATAL|ERROR|^Caused by|Exception(:| while)|Error:|Could not|[Cc]annot |Address already in use"
                    + "|OutOfMemory");

    /** The size of a file, 0 when it is not there. */
    static long sizeBytes(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Whether Payara has given up an application. */
    boolean tellsOfFailedDeployment() {
        return FAILED_DEPLOYMENT.matcher(text()).find();
    }

    /** The last meaningful lines, root causes first choice; the last lines at all when nothing stands out. */
    String reason() {
        List<String> lines = text().replace(OneLine.BREAK, "\n")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("at "))
                .map(LogTail::withoutPrefix)
                .distinct()
                .toList();
        List<String> meaningful =
                lines.stream().filter(line -> MEANINGFUL.matcher(line).find()).toList();
        Optional<String> rootCause =
                meaningful.stream().filter(line -> line.startsWith("Caused by")).reduce((first, second) -> second);
        List<String> told = meaningful.isEmpty() ? lines : meaningful;
        String tail = String.join("\n", told.subList(Math.max(0, told.size() - REASON_LINES), told.size()));
        if (tail.isEmpty()) {
            return "it wrote nothing to its log";
        }
        return rootCause
                .filter(cause -> !tail.contains(cause))
                .map(cause -> cause + "\n" + tail)
                .orElse(tail);
    }

    private static String withoutPrefix(String line) {
        String message = line.replaceFirst("^\\d{4}-\\d\\d-\\d\\d[T ][\\d:.]+Z? ", "");
        return message.length() <= LINE_CHARS ? message : message.substring(0, LINE_CHARS) + "…";
    }

    /** Reads on from where this begins. */
    Reader reader() {
        return new Reader(this);
    }

    /** Reads a log while it grows. */
    static final class Reader {
        private LogTail rest;

        private Reader(LogTail rest) {
            this.rest = rest;
        }

        /** Whole lines that were written since this was last asked, without their times; only the last of very many. */
        List<String> newLines() {
            long sizeBytes = sizeBytes(rest.log);
            if (sizeBytes <= rest.startBytes) {
                return List.of();
            }
            String text = rest.text();
            int end = text.lastIndexOf('\n') + 1;
            rest = new LogTail(rest.log, sizeBytes - text.substring(end).getBytes(UTF_8).length);
            return text.substring(0, end).lines().map(LogTail::withoutPrefix).toList();
        }
    }

    private String text() {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            long from = Math.max(startBytes, channel.size() - MAX_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(channel.size() - from, MAX_BYTES)));
            channel.position(from);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            return UTF_8.decode(bytes.flip()).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
