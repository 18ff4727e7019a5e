package org.holdfast.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The classes of Payara that a master and a storage node load until they are ready, parsed and verified once and mapped
 * into each process since (the JDK's class-data sharing). A node that boots alone saves a quarter of its CPU time. They
 * hold for one unpacked runtime and one JDK. An archive that does not fit is ignored by the JVM, and a start without one
 * is only slower. See ADR 42.
 *
 * @param directory one file for each application; not there before they are made
 */
record ClassArchives(Path directory) {
    /** System property of a launcher whose Payara processes write archives when they end: the folder for them. */
    private static final String RECORD = "holdfast.archives.record";

    /** What the JVM has to say about archives would be the first line of every log. */
    private static final List<String> QUIET = List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");

    /** Those of an unpacked runtime and the JDK that runs this process. */
    static ClassArchives of(PayaraRuntime runtime) {
        Path unpacked = runtime.directory();
        String fitsTo = String.join(
                "|",
                System.getProperty("java.home"),
                System.getProperty("java.vm.version"),
                unpacked.toString(),
                Long.toString(unpacked.resolve("launch-micro.jar").toFile().lastModified()));
        return new ClassArchives(
                unpacked.resolveSibling(unpacked.getFileName() + "-classes-" + Integer.toHexString(fitsTo.hashCode())));
    }

    /** Whether they were made, or given up. */
    boolean areThere() {
        return Files.isDirectory(directory);
    }

    /** Whether this launcher runs in order to make them. */
    static boolean isRecording() {
        return System.getProperty(RECORD) != null;
    }

    /** What makes a launcher one that {@link #isRecording}. */
    static String recordInto(Path draft) {
        return "-D" + RECORD + "=" + draft;
    }

    /** The archive's name within its folder. */
    static String fileOf(Path war) {
        return war.getFileName() + ".jsa";
    }

    /** The JVM flags of a process that runs the application. */
    List<String> flags(Path war) {
        String draft = System.getProperty(RECORD);
        if (draft != null) {
            return with("-XX:ArchiveClassesAtExit=" + Path.of(draft).resolve(fileOf(war)));
        }
        Path archive = directory.resolve(fileOf(war));
        return Files.isReadable(archive) ? with("-XX:SharedArchiveFile=" + archive) : List.of();
    }

    private static List<String> with(String flag) {
        return List.of(flag, QUIET.get(0), QUIET.get(1));
    }
}
