package org.holdfast.times;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts the JVMs among the processes that descend from this one. It has to look now and then: one that comes and goes
 * between two looks is not seen, and one whose parent ended before the first look descends from nobody.
 */
final class StartedJvms {
    private final Set<ProcessHandle> seen = new HashSet<>();
    private final Set<ProcessHandle> counted = new HashSet<>();

    /**
     * How many there are that were not counted before. A process counts when it is a JVM at two looks: each child of a
     * JVM, whatever it will run, looks like its parent for a moment.
     */
    int look() {
        Set<ProcessHandle> candidates = new HashSet<>();
        int fresh = 0;
        for (ProcessHandle process : ProcessHandle.current().descendants().toList()) {
            if (counted.contains(process) || !isJvm(process)) {
                continue;
            }
            if (seen.contains(process)) {
                counted.add(process);
                fresh++;
            } else {
                candidates.add(process);
            }
        }
        seen.clear();
        seen.addAll(candidates);
        return fresh;
    }

    private static boolean isJvm(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> String.valueOf(Path.of(command).getFileName()))
                .filter(program -> program.equals("java") || program.equals("java.exe"))
                .isPresent();
    }
}
