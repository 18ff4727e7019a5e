package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.holdfast.contract.FileAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreeNameTest {
    @ParameterizedTest
    @CsvSource({
        "report.pdf, report (2).pdf",
        "report, report (2)",
        "a.tar.gz, a.tar (2).gz",
        ".profile, .profile (2)",
        "a., a (2).",
        "a (2).txt, a (2) (2).txt",
        "..., .. (2).",
    })
    void theNumberStandsBeforeTheExtension(String name, String expected) {
        assertThat(FreeName.numbered(name, 2)).isEqualTo(expected);
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    @ParameterizedTest
    @CsvSource({"n,''", "n,.txt", "\u00e4,.txt", "\ud83d\ude00,.txt", "n,.\ud83d\ude00"})
    void aLongNameIsCutBetweenCharacters(String character, String extension) {
        for (int count = 60; count <= 255; count++) {
            String name = character.repeat(count) + extension;
            if (bytes(name) <= FileAddress.MAX_NAME_BYTES) {
                String numbered = FreeName.numbered(name, 1_000_000);
                assertThat(bytes(numbered)).isLessThanOrEqualTo(FileAddress.MAX_NAME_BYTES);
                assertThat(numbered).endsWith(" (1000000)" + extension).startsWith(character);
                assertThat(new FileAddress("admin", numbered).name()).isEqualTo(numbered);
            }
        }
    }

    @Property(tries = 500)
    void everyNameHasNumberedOnesThatDiffer(
            @ForAll @StringLength(min = 1, max = 255) String text, @ForAll @IntRange(min = 2, max = 9_999) int number) {
        String name = text.replaceAll("[^ -.0-~]", "x");
        String numbered = FreeName.numbered(name, number);
        assertThat(bytes(numbered)).isLessThanOrEqualTo(FileAddress.MAX_NAME_BYTES);
        var both = new HashSet<String>();
        both.add(numbered);
        both.add(FreeName.numbered(name, number + 1));
        assertThat(both).hasSize(2).doesNotContain(name);
    }

    @ParameterizedTest
    @CsvSource({"a,253", "a,250", "aa,240", "'',254"})
    void whatIsBehindADotNeedNotBeAnExtension(String stem, int rest) {
        String name = stem + "." + "x".repeat(rest);
        assertThat(bytes(FreeName.numbered(name, 2))).isLessThanOrEqualTo(FileAddress.MAX_NAME_BYTES);
        assertThat(FreeName.numbered(name, 2)).contains(" (2)").isNotEqualTo(FreeName.numbered(name, 3));
    }
}
