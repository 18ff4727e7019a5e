package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretKeysTest {
    private static final String OLD = "old:" + "0a".repeat(32);
    private static final String NEW = "new:" + "ff".repeat(48);
    private static final byte[] MESSAGE = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);

    /** RFC 4231 test case 2's message under test case 1's pattern, repeated to 32 octets; made with OpenSSL 3.0. */
    @Test
    void signs_with_hmac_sha_256() {
        var keys = SecretKeys.parse(List.of("k:" + "0b".repeat(32)));
        assertThat(HexFormat.of().formatHex(keys.mac(MESSAGE)))
                .isEqualTo("c3f2649c34ea24e4d62a2c7e868bbea0233c9d4c2cc300794db76aa18d6822d8");
    }

    @Test
    void a_rotation_keeps_what_the_old_key_has_signed() {
        var before = SecretKeys.parse(List.of(OLD));
        var during = SecretKeys.parse(List.of(NEW, "", OLD));
        var after = SecretKeys.parse(List.of(NEW));
        byte[] signedBefore = before.mac(MESSAGE);
        assertThat(during.signingId()).isEqualTo("new");
        assertThat(during.verify("old", MESSAGE, signedBefore)).isTrue();
        assertThat(during.verify("new", MESSAGE, signedBefore)).isFalse();
        assertThat(after.verify("old", MESSAGE, signedBefore)).isFalse();
        assertThat(after.verify("new", MESSAGE, during.mac(MESSAGE))).isTrue();
        assertThat(before.verify("new", MESSAGE, during.mac(MESSAGE))).isFalse();
    }

    /** HMAC-SHA-256 of "holdfast-key-1 LF a LF b" under thirty-two octets 0b; made with Python's hmac. */
    @Test
    void derived_keys_are_the_same_everywhere_and_differ_by_every_word() {
        var keys = SecretKeys.parse(List.of("k:" + "0b".repeat(32)));
        var derived = keys.derive("a", "b");
        assertThat(derived.lines())
                .containsExactly("k:6acfda486f8c9aa3dcbcd0139a5e2d66a3e384c161fc229e2b26fde610ce08f7");
        assertThat(derived.lines()).isEqualTo(keys.derive("a", "b").lines());
        assertThat(List.of(keys, keys.derive("a"), keys.derive("b", "a"), keys.derive("ab"), derived.derive("a", "b")))
                .extracting(SecretKeys::lines)
                .doesNotContain(derived.lines());
    }

    @Test
    void derived_keys_are_rotated_with_those_they_come_from() {
        var before = SecretKeys.parse(List.of(OLD)).derive("x");
        var during = SecretKeys.parse(List.of(NEW, OLD)).derive("x");
        assertThat(during.ids()).containsExactly("new", "old");
        assertThat(during.verify("old", MESSAGE, before.mac(MESSAGE))).isTrue();
    }

    @Test
    void the_text_form_comes_back_in_order() {
        assertThat(SecretKeys.parse(List.of(NEW, OLD)).lines()).containsExactly(NEW, OLD);
    }

    @Test
    void shows_ids_only() {
        assertThat(SecretKeys.parse(List.of(NEW, OLD)).toString()).isEqualTo("SecretKeys[new, old]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "k1", "k1:", "k1:abcd", ":0a0a", "k 1:0a", "k1:zz", "k.1:0a"})
    void refuses_malformed_lines(String line) {
        String padded = line.replace("0a", "0a".repeat(32)).replace("zz", "zz".repeat(32));
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> SecretKeys.parse(List.of(padded)))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID))
                .satisfies(refusal -> assertThat(refusal.sentence()).doesNotContain("0a0a"));
    }

    @Test
    void a_file_that_is_missing_is_named(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("master.key");
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> SecretKeys.read(file))
                .withMessageContaining(file.toString())
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        Files.writeString(file, NEW + "\n" + OLD + "\n");
        assertThat(SecretKeys.read(file).signingId()).isEqualTo("new");
    }
}
