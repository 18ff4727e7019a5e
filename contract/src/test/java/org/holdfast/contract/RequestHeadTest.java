package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
    private static boolean isReadable(String target) {
        return RequestHead.isReadable("GET " + target + " HTTP/1.1\r\nhost: x\r\n\r\n");
    }

    private static Optional<Problem> refusal(String lines, Map<String, List<String>> headers) {
        return RequestHead.refusal(
                "GET / HTTP/1.1\r\n" + lines + "\r\n\r\n",
                "/",
                name -> headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "*",
                "/a%20b",
                "/100%25",
                "/%F0%9F%98%80",
                "/%c3%BC?q=%zz&r=\\",
                "/a/%2E%2E/b",
                "/a/../b",
                "/a..../b...",
                "http://host/a",
                "http://host"
            })
    void pathsThatTheContainerReads(String target) {
        assertThat(isReadable(target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%",
                "/%2",
                "/a%zz",
                "/%u0041",
                "/100%.txt?q",
                "/a%00b",
                "/a%5Cb",
                "/a\\b",
                "/%C0%AE",
                "/%ED%A0%80",
                "/%FF",
                "/...",
                "/a/...b",
                "/..",
                "/a/../../b",
                "http://host/%"
            })
    void pathsThatItRefusesByItself(String target) {
        assertThat(isReadable(target)).isFalse();
        assertThat(RequestHead.refusal("GET " + target + " HTTP/1.1\r\n\r\n", "/", name -> List.of()))
                .hasValueSatisfying(problem -> assertThat(problem.status()).isEqualTo(400));
    }

    /** What the container hands on is another path than what was sent: it takes session ids out of it, wherever they stand. */
    @ParameterizedTest
    @CsvSource({
        "/f/r.txt;jsessionid=1, /f/r.txt",
        "/f/a;jsessionid=1/b, /f/a/b",
        // As the container leaves it in its buffer, where it has moved the end to the front.
        "/f/a/bsionid=1/b, /f/a/b",
        "/f/a;jsessionidversion=/:2, /f/a",
        "/f/a;jreplica=x?q=;, /f/a",
        "http://host/f/a;jsessionid=1, /f/a",
    })
    void aPathThatTheContainerHasCutIsRefused(String sent, String handedOn) {
        assertThat(RequestHead.refusal("PUT " + sent + " HTTP/1.1\r\n\r\n", handedOn, name -> List.of()))
                .hasValueSatisfying(problem -> {
                    assertThat(problem.status()).isEqualTo(400);
                    assertThat(problem.code()).isEqualTo("bad-request");
                    assertThat(problem.detail()).contains("%3B");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "/f/a;v=1, /f/a;v=1",
        "/f/a%3Bjsessionid=1?after=;jsessionid=1, /f/a%3Bjsessionid=1",
        "http://host/f/a?x, /f/a",
        "http://host, /",
        // Bytes that are no ASCII are refused where a name is read.
        "/f/Ã¤, /f/ä",
        "/f/Ã¤, /f/Ã¤",
    })
    void aPathThatIsHandedOnAsItCameIsFine(String sent, String handedOn) {
        assertThat(RequestHead.refusal("PUT " + sent + " HTTP/1.1\r\n\r\n", handedOn, name -> List.of()))
                .isEmpty();
    }

    @Test
    void ordinaryHeadersAreFine() {
        assertThat(refusal(
                        "host: x:7400\r\nx-long:  two words \t\r\nx-empty:\r\naccept: a\r\naccept: b\r\ncontent-length: 5",
                        Map.of(
                                "host", List.of("x:7400"),
                                "x-long", List.of("two words"),
                                "x-empty", List.of(""),
                                "accept", List.of("a", "b"))))
                .isEmpty();
    }

    @Test
    void twoHostsAreOneTooMany() {
        assertThat(refusal("host: x\r\nhost: x", Map.of("host", List.of("x", "x"))))
                .isPresent();
    }

    /** As the container leaves them in its buffer. */
    @Test
    void aHeaderThatGoesOnInTheNextLineIsRefused() {
        assertThat(refusal("x-a: a bc bc", Map.of("x-a", List.of("a bc")))).isPresent();
        assertThat(refusal("x-a:\r\n bc", Map.of("x-a", List.of("bc")))).isPresent();
    }
}
