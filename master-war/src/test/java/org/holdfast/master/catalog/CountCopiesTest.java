package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountCopiesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void files() throws Exception {
        var unusedNodes = TestNodes.running(master, "sn1", "sn2", "sn3");
        for (String path : new String[] {"a", "b", "c", "a", "a"}) {
            var unused = master.put("admin/" + path);
        }
        master.sql("UPDATE replica SET state = 'LOST' WHERE blob_id ="
                + " (SELECT v.blob_id FROM file_version v JOIN file f ON f.version_id = v.id WHERE f.name = 'b')");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 6})
    void anyNumberOfVersionsAtOnceMakesTheSameSum(int atOnce) {
        var count = master.get(CountCopies.class);
        var atOnceAll = count.count(NOON, 1_000);
        assertThat(atOnceAll.groups()).as("one without a copy").hasSizeGreaterThan(1);
        assertThat(sum(atOnceAll).versions()).isEqualTo(5);
        assertThat(sum(atOnceAll).files()).isEqualTo(3);
        assertThat(count.count(NOON, atOnce).groups()).containsExactlyInAnyOrderElementsOf(atOnceAll.groups());
    }

    @Test
    void nothingIsCountedInAnEmptyStore() throws Exception {
        master.sql("DELETE FROM file_version");
        assertThat(master.get(CountCopies.class).count(NOON, 1).groups()).isEmpty();
    }

    private static CopyCensus.Amount sum(CopyCensus census) {
        return census.groups().stream()
                .map(CopyCensus.Group::amount)
                .reduce(new CopyCensus.Amount(0, 0, 0), CopyCensus.Amount::plus);
    }
}
