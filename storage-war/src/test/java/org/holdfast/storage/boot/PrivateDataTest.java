package org.holdfast.storage.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.PutTerms;
import org.holdfast.storage.audit.AuditOutbox;
import org.holdfast.storage.store.Beginnings;
import org.holdfast.storage.store.DurableFiles;
import org.holdfast.storage.store.FileBlobStore;
import org.holdfast.storage.store.Samples;
import org.holdfast.storage.store.Stage;
import org.holdfast.storage.store.StoreConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No other user of the machine reads what a node keeps, whatever the umask of who started it. */
class PrivateDataTest {
    @TempDir
    Path folder;

    /** All that a node writes into its data directory; run in a process of its own, for a JVM can't change its umask. */
    public static void main(String[] arguments) throws IOException {
        Clock clock = Clock.systemUTC();
        Path data = Path.of(arguments[0]);
        byte[] bytes = Samples.random(2 << 20);
        try (var lock = DataDirectoryLock.take(data)) {
            assertThat(lock).isNotNull();
            FileBlobStore store = FileBlobStore.open(new StoreConfig(data, 0));
            BlobId committed = BlobId.next(clock);
            Samples.land(store, committed, bytes, Stage.COMMITTED, clock);
            BlobId promoted = BlobId.next(clock);
            Samples.land(store, promoted, bytes, Stage.UNCOMMITTED, clock);
            store.promote(promoted);
            Samples.land(store, BlobId.next(clock), bytes, Stage.UNCOMMITTED, clock);
            BlobId bad = BlobId.next(clock);
            Samples.land(store, bad, bytes, Stage.COMMITTED, clock);
            store.quarantine(bad, "It is bad.");
            try (var reception = store.receive(bytes.length)) {
                reception.write(bytes, bytes.length);
                reception.keep(new Beginnings.Key(1, 2, 3, Samples.ADDRESS, "writer"), PutTerms.KeptShare.UNBOUNDED);
            }
            DurableFiles.replace(data.resolve("applied-seq"), "7\n".getBytes(UTF_8));
            AuditOutbox.open(data.resolve("audit"), AuditOutbox.MOST_BYTES)
                    .add(new AuditRecord(
                            BlobId.next(clock).value(),
                            clock.instant(),
                            "sn1",
                            new AuditRecord.Who(Optional.empty(), "anna", AuditRecord.Via.TICKET, "192.0.2.7"),
                            new AuditRecord.What("blobs.get", "anna/secret"),
                            new AuditRecord.Result(200, Optional.empty(), Optional.of(12L), Duration.ofMillis(3))));
            // Held back to the end: files of an upload that is on its way.
            try (var reception = store.receive(bytes.length)) {
                reception.write(bytes, bytes.length);
                modes(data).forEach((path, mode) -> System.out.println(mode + " " + path));
            }
        }
    }

    private static Map<String, String> modes(Path data) throws IOException {
        var modes = new TreeMap<String, String>();
        try (var walk = Files.walk(data)) {
            for (Path path : walk.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                modes.put(data.relativize(path).toString(), (Files.isDirectory(path) ? "d" : "-") + mode);
            }
        }
        return modes;
    }

    private static List<String> writeAll(Path data) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask 000; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PrivateDataTest.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    @Test
    void nothingIsForOthersEvenWithoutAUmask() throws IOException, InterruptedException {
        assertThat(writeAll(folder.resolve("made/here")))
                .hasSizeGreaterThan(256 + 15)
                .anyMatch(line -> line.contains("begun/"))
                .anyMatch(line -> line.contains("incoming/"))
                .anyMatch(line -> line.endsWith(".reason"))
                .anyMatch(line -> line.endsWith(".jsonl"))
                .allMatch(line -> line.startsWith("drwx------ ") || line.startsWith("-rw------- "));
    }

    /** What lies below is as it was: nobody gets there. */
    @Test
    void aDirectoryOfAnEarlierVersionIsClosedAtAStart() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        for (String name : List.of("blobs/RS", "uncommitted", "incoming", "begun", "quarantine", "audit")) {
            Path old = Files.createDirectories(data.resolve(name));
            Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        for (Path old : List.of(data, data.resolve("blobs"))) {
            Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(writeAll(data))
                .contains("drwx------ ", "drwx------ blobs", "drwxr-xr-x blobs/RS", "drwx------ audit")
                .contains("drwx------ begun", "drwx------ uncommitted", "drwx------ incoming", "drwx------ quarantine");
    }
}
