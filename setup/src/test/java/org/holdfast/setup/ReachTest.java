package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReachTest {
    private static Reach of(String listen, String name) {
        return Reach.of(Optional.of(listen), Optional.of(name), 0);
    }

    @Test
    void certificatesNameWhatOthersCallIt() {
        assertThat(of("127.0.0.2", "files.example.org").hosts())
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "files.example.org", "127.0.0.2");
        assertThat(of("0.0.0.0", "192.0.2.7").hosts()).doesNotContain("0.0.0.0").endsWith("192.0.2.7");
        assertThat(Reach.loopback(7400).hosts()).isEqualTo(Reach.LOCAL);
    }

    @Test
    void aNameHasToLeadToWhereSomebodyListens() {
        Reach.loopback(0).requireLeadsHere();
        of("0.0.0.0", "localhost").requireLeadsHere();
        of("127.0.0.2", "127.0.0.2").requireLeadsHere();
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> of("127.0.0.2", "localhost").requireLeadsHere())
                .satisfies(
                        refusal -> assertThat(refusal.sentence()).contains("localhost is", "choose another --listen"));
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> of("0.0.0.0", "no-such-host.invalid").requireLeadsHere())
                .satisfies(refusal -> assertThat(refusal.sentence()).contains("DNS or /etc/hosts"));
    }
}
