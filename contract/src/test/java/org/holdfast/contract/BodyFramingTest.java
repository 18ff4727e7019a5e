package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyFramingTest {
    private static final String HEAD = "PUT /blobs/1 HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";

    private static int status(List<String> transferEncodings, String head) {
        return BodyFraming.refusal(transferEncodings, head).map(Problem::status).orElse(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "Chunked", " chunked\t"})
    void chunksAreUnderstood(String encoding) {
        assertThat(status(List.of(encoding), HEAD)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip, chunked",
                "identity, chunked",
                "xchunked",
                "chunkedx",
                "chunked, chunked",
                "identity",
                "gzip",
                ""
            })
    void everythingElseIsNot(String encoding) {
        assertThat(status(List.of(encoding), HEAD)).isEqualTo(501);
    }

    @Test
    void twoHeadersAreOneTooMany() {
        assertThat(status(List.of("chunked", "chunked"), HEAD)).isEqualTo(501);
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-length: 5", "Content-Length:5", "CONTENT-LENGTH : 5"})
    void aLengthBesideChunksIsAmbiguous(String header) {
        String head = HEAD.replace("host: x", "host: x\r\n" + header);
        assertThat(status(List.of("chunked"), head)).isEqualTo(400);
    }

    @Test
    void aHeaderOfAnotherNameIsNone() {
        String head = HEAD.replace("host: x", "x-content-length: 5\r\nx: content-length: 5");
        assertThat(status(List.of("chunked"), head)).isZero();
    }

    @Test
    void onlyOneVersionOfTheProtocolHasChunks() {
        assertThat(status(List.of("chunked"), HEAD.replace("HTTP/1.1", "HTTP/1.0")))
                .isEqualTo(400);
    }
}
