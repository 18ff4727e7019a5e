package org.holdfast.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.holdfast.contract.BlobId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes between any two steps of a promotion. Of what was done in a directory since it was last synced, any part
 * may have reached the disk: there are file systems that order nothing across directories, or within one.
 */
class PowerCutTest {
    private static final byte[] BYTES = Samples.bytes("kept");

    @TempDir
    Path folder;

    private final BlobId id = new BlobId("01KJMZ2M00ABCDEFGHJKMNPQRS");

    /** One step: a name that came or went in a directory, or the sync of one. */
    private record Step(Kind kind, Path path) {
        enum Kind {
            LINK,
            UNLINK,
            SYNC
        }

        boolean isDurableBefore(List<Step> later) {
            return later.contains(new Step(Kind.SYNC, path.resolveSibling("")));
        }
    }

    private record Recorded(List<Step> steps) implements Names {
        @Override
        public void link(Path name, Path file) throws IOException {
            steps.add(new Step(Step.Kind.LINK, name));
            ON_DISK.link(name, file);
        }

        @Override
        public void unlink(Path name) throws IOException {
            steps.add(new Step(Step.Kind.UNLINK, name));
            ON_DISK.unlink(name);
        }

        @Override
        public void sync(Path directory) throws IOException {
            steps.add(new Step(Step.Kind.SYNC, directory));
            ON_DISK.sync(directory);
        }
    }

    private FileBlobStore opened(Names names) {
        return FileBlobStore.open(new StoreConfig(folder, 0), names);
    }

    private List<Step> promotion() {
        var recorded = new Recorded(new ArrayList<>());
        var store = opened(recorded);
        Samples.land(store, id, BYTES, Stage.UNCOMMITTED, BlobStoreContract.CLOCK);
        store.promote(id);
        return recorded.steps;
    }

    @Test
    void aBlobIsWholeAtOnePlaceWhereverThePowerGoes() throws IOException {
        List<Step> steps = promotion();
        var committed = new BlobLayout(folder);
        byte[] card = Files.readAllBytes(committed.sidecar(id, Stage.COMMITTED));
        Set<Path> before = Set.of(committed.blob(id, Stage.UNCOMMITTED), committed.sidecar(id, Stage.UNCOMMITTED));
        int cuts = 0;
        for (int done = 0; done <= steps.size(); done++) {
            for (Set<Path> left : outcomes(before, steps.subList(0, done))) {
                cuts++;
                restore(before, steps, left, card);
                try (var content = opened(Names.ON_DISK).open(id).orElseThrow()) {
                    byte[] read = new byte[BYTES.length];
                    assertThat(content.read(0, read)).isEqualTo(BYTES.length);
                    assertThat(read).isEqualTo(BYTES);
                }
                assertThat(left())
                        .as("names after %s steps of which %s are left", done, left)
                        .hasSize(2)
                        .satisfies(names -> assertThat(names.get(0).getParent())
                                .isEqualTo(names.get(1).getParent()));
            }
        }
        assertThat(cuts).as("a test of something").isGreaterThan(steps.size());
    }

    /** All that may be there when the power goes after these steps. */
    private static List<Set<Path>> outcomes(Set<Path> before, List<Step> steps) {
        List<Set<Path>> outcomes = new ArrayList<>();
        List<Step> open = IntStream.range(0, steps.size())
                .filter(i -> !steps.get(i).isDurableBefore(steps.subList(i, steps.size())))
                .mapToObj(steps::get)
                .filter(step -> step.kind != Step.Kind.SYNC)
                .toList();
        for (int chosen = 0; chosen < 1 << open.size(); chosen++) {
            Set<Path> names = new HashSet<>(before);
            for (Step step : steps) {
                int number = open.indexOf(step);
                boolean isLost = number >= 0 && (chosen & 1 << number) == 0;
                if (!isLost && step.kind == Step.Kind.LINK) {
                    names.add(step.path);
                } else if (!isLost && step.kind == Step.Kind.UNLINK) {
                    names.remove(step.path);
                }
            }
            outcomes.add(names);
        }
        return outcomes;
    }

    private static void restore(Set<Path> before, List<Step> steps, Set<Path> left, byte[] card) throws IOException {
        Set<Path> all = new HashSet<>(before);
        steps.stream().filter(step -> step.kind != Step.Kind.SYNC).forEach(step -> all.add(step.path));
        for (Path name : all) {
            Files.deleteIfExists(name);
        }
        for (Path name : left) {
            Files.write(name, name.toString().endsWith(BlobLayout.SIDECAR_SUFFIX) ? card : BYTES);
        }
    }

    /** In the whole data directory: nothing lies in quarantine either. */
    private List<Path> left() throws IOException {
        try (var walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }
}
