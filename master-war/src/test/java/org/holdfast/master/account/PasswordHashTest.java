package org.holdfast.master.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    /** From the test vectors of the reference implementation, phc-winner-argon2/src/test.c: 256 KiB, 2 passes, 1 lane. */
    private static final String REFERENCE =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    @Test
    void agreesWithTheReferenceImplementation() {
        assertThat(PasswordHash.matches("password", REFERENCE)).isTrue();
        assertThat(PasswordHash.matches("passwore", REFERENCE)).isFalse();
    }

    @Test
    void aHashMatchesItsPasswordOnly() {
        String hash = PasswordHash.of("s\u00e4cret \ud83d\ude00");
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("cret");
        assertThat(PasswordHash.matches("s\u00e4cret \ud83d\ude00", hash)).isTrue();
        assertThat(PasswordHash.matches("s\u00e4cret ", hash)).isFalse();
        assertThat(PasswordHash.matches("", hash)).isFalse();
    }

    @Test
    void onePasswordHasManyHashes() {
        assertThat(PasswordHash.of("same")).isNotEqualTo(PasswordHash.of("same"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "password", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR", "$2a$10$abc"})
    void whatIsNoHashMatchesNothing(String text) {
        assertThat(PasswordHash.matches("password", text)).isFalse();
    }
}
