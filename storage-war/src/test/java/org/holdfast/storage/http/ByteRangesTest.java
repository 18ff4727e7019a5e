package org.holdfast.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangesTest {
    /** Of a representation of 1000 bytes; the examples of RFC 9110, section 14.1.2, scaled, and the edges. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            bytes=0-499              | 0-499
            bytes=500-999            | 500-999
            bytes=500-600,601-999    | 500-600 601-999
            bytes= 0 - 0 , -1        | 0-0 999-999
            bytes=-500               | 500-999
            bytes=950-               | 950-999
            bytes=0-5000             | 0-999
            bytes=-5000              | 0-999
            bytes=1000-              | none
            bytes=-0                 | none
            bytes=5000-6000,0-1      | 0-1
            BYTES=1-1                | 1-1
            bytes=5-4                | whole
            bytes=                   | whole
            bytes=-                  | whole
            bytes=a-b                | whole
            bytes=1-2,x              | whole
            lines=1-2                | whole
            bytes=0-,0-              | whole
            bytes=0-999999999999999999 | 0-999
            bytes=0-9223372036854775807 | 0-999
            bytes=0-9999999999999999999 | 0-999
            bytes=0-99999999999999999999999999999999 | 0-999
            bytes=0000000000000000000000-1 | 0-1
            bytes=-99999999999999999999 | 0-999
            bytes=9999999999999999999- | none
            bytes=9999999999999999999-9999999999999999998 | whole
            """)
    void readsWhatTheHeaderAsksFor(String header, String expected) {
        String actual = ByteRanges.parse(header, 1000)
                .map(ranges -> ranges.parts().isEmpty()
                        ? "none"
                        : ranges.parts().stream()
                                .map(part -> part.first() + "-" + part.last())
                                .collect(Collectors.joining(" ")))
                .orElse("whole");
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void noHeaderMeansTheWhole() {
        assertThat(ByteRanges.parse(null, 10)).isEmpty();
    }

    @Test
    void ofAnEmptyRepresentationTheWholeIsSent() {
        for (String header : List.of("bytes=0-", "bytes=-5", "bytes=0-0", "bytes=7-9")) {
            assertThat(ByteRanges.parse(header, 0)).as(header).isEmpty();
        }
    }

    @Test
    void moreRangesThanTheLimitAreIgnored() {
        String atLimit = "bytes=" + "1-1,".repeat(ByteRanges.MAX_RANGES - 1) + "1-1";
        assertThat(ByteRanges.parse(atLimit, 1000)).isPresent();
        assertThat(ByteRanges.parse(atLimit + ",1-1", 1000)).isEmpty();
    }

    @Test
    void positionsBeyondTwoGibibytesAreKept() {
        long size = 3L << 30;
        var part = ByteRanges.parse("bytes=3000000000-", size)
                .orElseThrow()
                .parts()
                .get(0);
        assertThat(part.contentRange(size)).isEqualTo("bytes 3000000000-3221225471/3221225472");
    }
}
