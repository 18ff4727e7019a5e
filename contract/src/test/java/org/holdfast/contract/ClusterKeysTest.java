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

class ClusterKeysTest {
    private static final String OLD = "old:" + "0a".repeat(32);
    private static final String NEW = "new:" + "ff".repeat(48);
    private static final byte[] MESSAGE = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);

    /** RFC 4231 test case 2's message under test case 1's pattern, repeated to 32 octets; made with OpenSSL 3.0. */
    @Test
    void signs_with_hmac_sha_256() {
        var keys = ClusterKeys.parse(List.of("k:" + "0b".repeat(32)));
        assertThat(HexFormat.of().formatHex(keys.mac(MESSAGE)))
                .isEqualTo("c3f2649c34ea24e4d62a2c7e868bbea0233c9d4c2cc300794db76aa18d6822d8");
    }

    @Test
    void a_rotation_keeps_what_the_old_key_has_signed() {
        var before = ClusterKeys.parse(List.of(OLD));
        var during = ClusterKeys.parse(List.of(NEW, "", OLD));
        var after = ClusterKeys.parse(List.of(NEW));
        byte[] signedBefore = before.mac(MESSAGE);
        assertThat(during.signingId()).isEqualTo("new");
        assertThat(during.verify("old", MESSAGE, signedBefore)).isTrue();
        assertThat(during.verify("new", MESSAGE, signedBefore)).isFalse();
        assertThat(after.verify("old", MESSAGE, signedBefore)).isFalse();
        assertThat(after.verify("new", MESSAGE, during.mac(MESSAGE))).isTrue();
        assertThat(before.verify("new", MESSAGE, during.mac(MESSAGE))).isFalse();
    }

    @Test
    void the_text_form_comes_back_in_order() {
        assertThat(ClusterKeys.parse(List.of(NEW, OLD)).lines()).containsExactly(NEW, OLD);
    }

    @Test
    void shows_ids_only() {
        assertThat(ClusterKeys.parse(List.of(NEW, OLD)).toString()).isEqualTo("ClusterKeys[new, old]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "k1", "k1:", "k1:abcd", ":0a0a", "k 1:0a", "k1:zz", "k.1:0a"})
    void refuses_malformed_lines(String line) {
        String padded = line.replace("0a", "0a".repeat(32)).replace("zz", "zz".repeat(32));
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> ClusterKeys.parse(List.of(padded)))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID))
                .satisfies(refusal -> assertThat(refusal.sentence()).doesNotContain("0a0a"));
    }

    @Test
    void a_file_that_is_missing_is_named(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("cluster.key");
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> ClusterKeys.read(file))
                .withMessageContaining(file.toString())
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        Files.writeString(file, NEW + "\n" + OLD + "\n");
        assertThat(ClusterKeys.read(file).signingId()).isEqualTo("new");
    }
}
