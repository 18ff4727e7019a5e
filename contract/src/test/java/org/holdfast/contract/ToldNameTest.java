package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import net.jqwik.api.Example;

class ToldNameTest {
    private static Optional<String> of(String scheme, String pair) {
        return ToldName.of(scheme + " " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    @Example
    void the_name_is_read_and_the_password_is_not() {
        assertThat(of("Basic", "anna:secret")).contains("anna");
        assertThat(of("basic", "jürgen@example.org:se:cret")).contains("jürgen@example.org");
        assertThat(of("Basic", ":secret")).contains("");
    }

    @Example
    void what_can_not_be_told_apart_from_a_password_is_not_shown() {
        assertThat(of("Basic", "secret")).isEmpty();
        assertThat(of("Bearer", "anna:secret")).isEmpty();
        assertThat(ToldName.of("Basic %%%")).isEmpty();
        assertThat(ToldName.of(null)).isEmpty();
    }
}
