package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Role;
import org.holdfast.master.catalog.RequestUpload;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PutRequestTest {
    private static final Caller ADMIN = new Caller(1, "admin", Role.ADMINISTRATOR, 0);
    private static final FileAddress ADDRESS = new FileAddress("admin", "a");

    private static HttpServletRequest request(@Nullable String query, Map<String, String> headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                PutRequestTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getQueryString" -> query;
                    case "getHeader" -> headers.get((String) arguments[0]);
                    case "getHeaders" ->
                        Collections.enumeration(Optional.ofNullable(headers.get((String) arguments[0])).stream()
                                .toList());
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private static RequestUpload.Wish read(@Nullable String query, Map<String, String> headers, Optional<String> type) {
        return PutRequest.read(ADMIN, request(query, headers), ADDRESS, 9, type);
    }

    @Test
    void nothingToldIsAnOrdinaryPut() {
        var wish = read(null, Map.of(), Optional.empty());
        assertThat(wish.address()).isEqualTo(ADDRESS);
        assertThat(wish.sizeBytes()).isEqualTo(9);
        assertThat(wish.digests().values()).isEmpty();
        assertThat(wish.contentType()).isEmpty();
        assertThat(wish.terms())
                .isEqualTo(new PutTerms(
                        "admin",
                        OnConflict.REPLACE,
                        Optional.empty(),
                        Optional.empty(),
                        PutTerms.BY_NAMESPACE,
                        Set.of()));
        assertThat(wish.nodes()).isEqualTo(new RequestUpload.NodeChoice(Set.of(), Optional.empty()));
    }

    @Test
    void everyOptionIsRead() {
        var wish = read(
                "on-conflict=rename&durability=2&exclude=sn1,sn2&node=sn3",
                Map.of(
                        "If-Match", "\"x\"",
                        "If-None-Match", "*",
                        "Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==",
                        "Repr-Digest", "sha=:2jmj7l5rSw0yVb/vlWAYkK/YBwk=:",
                        "Content-Digest", "md5=:AAAAAAAAAAAAAAAAAAAAAA==:",
                        "Want-Repr-Digest", "sha=1, sha3-256=5"),
                Optional.of("text/plain; charset=utf-8"));
        assertThat(wish.terms())
                .isEqualTo(new PutTerms(
                        "admin",
                        OnConflict.RENAME,
                        Optional.of("\"x\""),
                        Optional.of("*"),
                        2,
                        Set.of(DigestAlgorithm.SHA_1, DigestAlgorithm.SHA3_256)));
        assertThat(wish.nodes()).isEqualTo(new RequestUpload.NodeChoice(Set.of("sn1", "sn2"), Optional.of("sn3")));
        assertThat(wish.contentType()).contains("text/plain; charset=utf-8");
        // The digests of nothing: MD5 from its own header, SHA-1 from the newer header, which wins over the older one.
        assertThat(wish.digests().values())
                .isEqualTo(Map.of(
                        DigestAlgorithm.MD5, "d41d8cd98f00b204e9800998ecf8427e",
                        DigestAlgorithm.SHA_1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-05T08:00:00.123456789Z", "2026-11-05T09:00:00.123456+01:00"})
    void aFilesOwnTimeIsReadInMicroseconds(String time) {
        assertThat(read(null, Map.of("Holdfast-Modified", time), Optional.empty())
                        .terms()
                        .fileTime())
                .contains(Instant.parse("2026-11-05T08:00:00.123456Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "yesterday", "2026-11-05", "0999-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "1793865600"})
    void aTimeThatIsNoneIsRefused(String time) {
        assertRefused(
                FailureKind.INVALID,
                "invalid-parameter",
                () -> read(null, Map.of("Holdfast-Modified", time), Optional.empty()));
    }

    @Test
    void aBodyInACodingThatWouldNotBeToldIsRefused() {
        assertThat(read(null, Map.of("Content-Encoding", "identity"), Optional.empty())
                        .sizeBytes())
                .isEqualTo(9);
        assertRefused(
                FailureKind.UNSUPPORTED,
                "content-encoding",
                () -> read(null, Map.of("Content-Encoding", "gzip"), Optional.empty()));
    }

    @Test
    void contentDigestServesWhereReprDigestIsMissing() {
        var headers = Map.of("Content-Digest", "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:");
        assertThat(read(null, headers, Optional.empty()).digests().get(DigestAlgorithm.MD5))
                .contains("d41d8cd98f00b204e9800998ecf8427e");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on-conflict=maybe", "durability=0", "durability=17", "durability=x", "node=%zz"})
    void wrongParametersAreRefused(String query) {
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> read(query, Map.of(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "te\u00e4xt/plain", "text/plain\r\nX-Evil: 1", "/"})
    void aTypeThatIsNoneIsRefused(String type) {
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> read(null, Map.of(), Optional.of(type)));
    }

    @Test
    void aTypeHasALimit() {
        String longest = "a/" + "b".repeat(253);
        assertThat(read(null, Map.of(), Optional.of(longest)).contentType()).contains(longest);
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> read(null, Map.of(), Optional.of(longest + "b")));
    }

    @Test
    void aConditionHasALimit() {
        String longest = "x".repeat(1024);
        assertThat(read(null, Map.of("If-Match", longest), Optional.empty())
                        .terms()
                        .conditions()
                        .ifMatch())
                .isEqualTo(longest);
        assertRefused(
                FailureKind.INVALID,
                "invalid-parameter",
                () -> read(null, Map.of("If-Match", longest + "x"), Optional.empty()));
    }

    @Test
    void digestsThatContradictEachOtherAreRefused() {
        var headers = Map.of(
                "Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==",
                "Repr-Digest", "md5=:AAAAAAAAAAAAAAAAAAAAAA==:");
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> read(null, headers, Optional.empty()));
    }
}
