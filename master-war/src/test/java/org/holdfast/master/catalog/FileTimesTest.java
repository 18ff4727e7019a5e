package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The time that a file brings along, which is no time of ours. */
class FileTimesTest {
    private static final Instant THEN = Instant.parse("1969-07-20T20:17:40.123456Z");
    private static final FileAddress ADDRESS = new FileAddress("admin", "d/a.txt");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void oneNode() {
        var unused = TestNodes.running(master, "sn1");
    }

    private void put(String text, Optional<Instant> time) {
        var unused = master.put(
                "admin/d/a.txt",
                master.blob(text),
                TestMaster.terms(OnConflict.REPLACE).of(time));
    }

    private FileView file() {
        return master.get(FindNames.class).file(master.admin(), ADDRESS);
    }

    @Test
    void itIsKeptAndToldWhereverTheFileIs() {
        put("a", Optional.of(THEN));
        assertThat(file().fileTime()).contains(THEN);
        assertThat(file().namedAt())
                .as("conditions go by our own")
                .isEqualTo(master.clock().instant());
        var ticket = master.get(ReadFile.class)
                .locate("admin", file(), Optional.empty())
                .ticket();
        assertThat(ticket.fileTime()).contains(THEN);
        assertThat(master.get(ListFolder.class)
                        .page(master.admin(), new FileAddress("admin", "d"), "", 9)
                        .entries())
                .flatExtracting(entry -> entry.file().flatMap(ListFolder.FileFacts::fileTime).stream()
                        .toList())
                .containsExactly(THEN);
        assertThat(master.get(SearchNames.class)
                        .find(master.admin(), "admin", "a.t", 9)
                        .found())
                .flatExtracting(found -> found.entry().file().flatMap(ListFolder.FileFacts::fileTime).stream()
                        .toList())
                .containsExactly(THEN);
    }

    @Test
    void eachVersionHasItsOwn() throws Exception {
        master.sql("UPDATE namespace SET versions_kept = 9");
        put("a", Optional.of(THEN));
        put("b", Optional.empty());
        assertThat(file().fileTime()).isEmpty();
        assertThat(master.get(ListVersions.class).of(master.admin(), ADDRESS))
                .extracting(version -> version.file().fileTime())
                .containsExactly(Optional.empty(), Optional.of(THEN));
        var restored = master.get(RestoreVersion.class).restore(master.admin(), ADDRESS, 1);
        assertThat(restored.fileTime()).contains(THEN);
    }
}
