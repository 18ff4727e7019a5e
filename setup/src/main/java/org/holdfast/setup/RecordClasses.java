package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the {@link ClassArchives}: a launcher of its own boots a small cluster in a data directory of its own, whose
 * master and storage node write what they have loaded when they end. Takes as long as a start, some seconds more, and is
 * done once for a runtime and a JDK. Nobody needs the result: whatever goes wrong is told, and the start goes on.
 */
public final class RecordClasses {
    /** Writing an archive takes 6 s of CPU time. */
    private static final Duration WRITTEN_WITHIN = Duration.ofMinutes(5);

    private static final Duration STOPPED_WITHIN = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Checkout checkout;
    private final DataDir data;
    private final Path draft;

    private RecordClasses(Checkout checkout, Path runtimes, Path draft) {
        this.checkout = checkout;
        this.draft = draft;
        data = new DataDir(runtimes.resolve("recording"));
    }

    /** For a build whose tests boot clusters; system property {@code holdfast.checkout}. */
    public static void main(String[] args) {
        Path root = Path.of(System.getProperty("holdfast.checkout", "")).toAbsolutePath();
        Checkout checkout = new Checkout(root);
        checkout.requireBuilt();
        unlessThere(checkout, System.out);
    }

    /** Returns at once when they are there, or when another launcher is making them. */
    static void unlessThere(Checkout checkout, PrintStream out) {
        ClassArchives archives = ClassArchives.of(PayaraRuntime.unpack(checkout.payaraMicro()));
        if (ClassArchives.isRecording() || archives.areThere()) {
            return;
        }
        Path runtimes = RuntimeFiles.directory();
        try (FileChannel lock = FileChannel.open(
                runtimes.resolve("recording.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (lock.tryLock() == null || archives.areThere()) {
                return;
            }
            out.println("keeping the classes of Payara at hand, once (half a minute)");
            Path draft = runtimes.resolve("recording-classes");
            DataDir.deleteTree(draft);
            Files.createDirectory(draft);
            new RecordClasses(checkout, runtimes, draft).run();
            if (!isWhole(checkout, draft)) {
                // A JDK that wrote none now will write none at the next start.
                out.println("this JDK cannot do that; each start takes some seconds more");
            }
            RuntimeFiles.publish(draft, archives.directory());
        } catch (IOException | Refusal e) {
            out.println("that failed, and will be tried at the next start: " + e.getMessage());
        }
    }

    private void run() throws IOException {
        Path bootTimes = data.run().resolve("boot-times.tsv");
        Files.deleteIfExists(bootTimes);
        Path log = draft.resolve("launcher.log");
        Process launcher = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Thread end = new Thread(launcher::destroy, "end-recording");
        Runtime.getRuntime().addShutdownHook(end);
        try {
            awaitAllReady(launcher, bootTimes, log);
            writeArchives();
        } finally {
            Signal.end(launcher.toHandle(), STOPPED_WITHIN);
            Runtime.getRuntime().removeShutdownHook(end);
        }
        Files.delete(log);
        DataDir.deleteTree(data.root());
    }

    private static boolean isWhole(Checkout checkout, Path draft) {
        return Stream.of(checkout.masterWar(), checkout.storageWar())
                .allMatch(war -> Files.exists(draft.resolve(ClassArchives.fileOf(war))));
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(Jvm.java().toString()));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
        command.add("-Dholdfast.checkout=" + checkout.root());
        command.add(ClassArchives.recordInto(draft));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("--nodes", "1", "--port", "0", "--reset", "--no-restart"));
        command.addAll(List.of("--data", data.root().toString()));
        return command;
    }

    /** The launcher knows best when to give up, and then ends. */
    private static void awaitAllReady(Process launcher, Path bootTimes, Path log) throws IOException {
        while (!Files.exists(bootTimes) || !Files.readString(bootTimes, UTF_8).contains("\tall\t")) {
            if (!launcher.isAlive()) {
                throw Refusal.failed("no cluster came up: " + new LogTail(log, 0).reason());
            }
            Signal.awaitExit(launcher.toHandle(), LOOK_EVERY);
        }
    }

    /** Ended by their launcher, they would have a few seconds only. */
    private void writeArchives() throws IOException {
        List<ProcessHandle> processes = new ArrayList<>();
        for (String name : List.of("m1", "sn1")) {
            String pid =
                    Files.readAllLines(data.run().resolve(name + ".pid"), UTF_8).get(0);
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(processes::add);
        }
        processes.forEach(Signal.TERM::send);
        processes.forEach(process -> Signal.awaitExit(process, WRITTEN_WITHIN));
    }
}
