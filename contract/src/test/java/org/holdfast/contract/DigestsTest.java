package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestsTest {
    /** RFC 9530 appendix B.1: the representation {@code {"hello": "world"}} and a line feed. */
    private static final String RFC_9530_HEADER = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";

    private static final byte[] RFC_9530_CONTENT = "{\"hello\": \"world\"}\n".getBytes(StandardCharsets.UTF_8);

    /** RFC 1864 section 2: the digest octets spell "Check Integrity!". */
    private static final String RFC_1864_HEADER = "Q2hlY2sgSW50ZWdyaXR5IQ==";

    @Test
    void reads_and_writes_the_example_of_rfc_9530() throws Exception {
        var told = Digests.fromHeaders(null, RFC_9530_HEADER);
        var actual = new Digests(Map.of(
                DigestAlgorithm.SHA_256,
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(RFC_9530_CONTENT))));
        assertThat(told).isEqualTo(actual);
        assertThat(actual.reprDigest()).isEqualTo(RFC_9530_HEADER);
    }

    @Test
    void reads_and_writes_the_example_of_rfc_1864() {
        var told = Digests.fromHeaders(RFC_1864_HEADER, null);
        assertThat(told.require(DigestAlgorithm.MD5))
                .isEqualTo(HexFormat.of().formatHex("Check Integrity!".getBytes(StandardCharsets.US_ASCII)));
        assertThat(told.contentMd5()).contains(RFC_1864_HEADER);
        assertThat(Digests.NONE.contentMd5()).isEmpty();
    }

    @Test
    void ignores_algorithms_it_does_not_know_as_rfc_9530_section_2_asks() {
        var told = Digests.fromHeaders(null, "sha-512=:YWJj:, " + RFC_9530_HEADER + " ,crc32c=:AAAAAA==:");
        assertThat(told.values()).containsOnlyKeys(DigestAlgorithm.SHA_256);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha-256",
                "sha-256=",
                "sha-256=:",
                "sha-256=::",
                "sha-256=:YWJj:",
                "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=",
                "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP_lF5HF9bvEF8FabDg=:",
                "sha-256=:44affb:",
                "md5=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
            })
    void refuses_a_malformed_header(String header) {
        assertInvalid(() -> Digests.fromHeaders(null, header));
    }

    @Test
    void refuses_headers_that_contradict_each_other() {
        String other = "md5=:" + "AAAAAAAAAAAAAAAAAAAAAA==" + ":";
        assertInvalid(() -> Digests.fromHeaders(RFC_1864_HEADER, other));
        assertInvalid(() -> Digests.fromHeaders("%", null));
        assertThat(Digests.fromHeaders(RFC_1864_HEADER, "md5=:" + RFC_1864_HEADER + ":")
                        .values())
                .hasSize(1);
    }

    @Property
    void digests_survive_their_header(@ForAll("digests") Digests digests) {
        if (!digests.values().isEmpty()) {
            assertThat(Digests.fromHeaders(null, digests.reprDigest())).isEqualTo(digests);
            assertThat(Digests.fromHeaders(digests.contentMd5().orElse(null), digests.reprDigest()))
                    .isEqualTo(digests);
        }
    }

    @Property
    void digests_satisfy_what_was_told_of_them_and_nothing_else(
            @ForAll("digests") Digests actual, @ForAll("digests") Digests other) {
        assertThat(actual.satisfy(actual)).isTrue();
        assertThat(actual.satisfy(Digests.NONE)).isTrue();
        boolean contained =
                actual.values().entrySet().containsAll(other.values().entrySet());
        assertThat(actual.satisfy(other)).isEqualTo(contained);
    }

    @Test
    void one_wrong_digest_among_right_ones_is_enough() {
        var actual =
                new Digests(Map.of(DigestAlgorithm.MD5, "ab".repeat(16), DigestAlgorithm.SHA_256, "ab".repeat(32)));
        for (DigestAlgorithm wrong : actual.values().keySet()) {
            var told = new java.util.EnumMap<>(actual.values());
            told.put(wrong, "ac" + "ab".repeat(wrong.octets() - 1));
            assertThat(actual.satisfy(new Digests(told))).as(wrong.name()).isFalse();
        }
    }

    @Test
    void wants_what_is_asked_for_with_a_weight() {
        assertThat(Digests.wanted("sha=1, SHA3-256=5,md5=0,sha-512=9"))
                .containsExactlyInAnyOrder(DigestAlgorithm.SHA_1, DigestAlgorithm.SHA3_256);
        assertThat(Digests.wanted(null)).isEmpty();
        assertThat(Digests.wanted("")).isEmpty();
    }

    @Test
    void the_entity_tag_is_the_quoted_sha_256() {
        var digests = new Digests(Map.of(DigestAlgorithm.SHA_256, "ab".repeat(32)));
        assertThat(digests.etag()).isEqualTo('"' + "ab".repeat(32) + '"');
        assertInvalid(Digests.NONE::etag);
    }

    @Test
    void a_value_has_the_length_of_its_algorithm() {
        assertInvalid(() -> new Digests(Map.of(DigestAlgorithm.MD5, "ab".repeat(32))));
        assertInvalid(() -> new Digests(Map.of(DigestAlgorithm.MD5, "AB".repeat(16))));
    }

    private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(reading)
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID));
    }

    @Provide
    Arbitrary<Digests> digests() {
        return Legal.digests();
    }
}
