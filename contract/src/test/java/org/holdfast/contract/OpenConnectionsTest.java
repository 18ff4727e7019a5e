package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final OpenConnections open = new OpenConnections(2, now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void anAddressHasSoManyAndAnotherOneItsOwn() {
        assertThat(open.opened("a", "192.0.2.1")).isTrue();
        assertThat(open.opened("b", "192.0.2.1")).isTrue();
        assertThat(open.opened("c", "192.0.2.1")).isFalse();
        assertThat(open.opened("d", "192.0.2.2")).isTrue();
        open.closed("c");
        assertThat(open.opened("e", "192.0.2.1")).isFalse();
        open.closed("a");
        open.closed("a");
        assertThat(open.opened("f", "192.0.2.1")).isTrue();
        assertThat(open.opened("g", "192.0.2.1")).isFalse();
    }

    @Test
    void aNetworkOfIpv6IsOneAddress() {
        assertThat(open.opened("a", "2001:db8::1")).isTrue();
        assertThat(open.opened("b", "2001:db8::2")).isTrue();
        assertThat(open.opened("c", "2001:db8::3")).isFalse();
        assertThat(open.opened("d", "2001:db8:0:1::1")).isTrue();
    }

    @Test
    void aHeadThatIsNotThereInTimeEndsItsConnection() {
        assertThat(open.opened("a", "192.0.2.1")).isTrue();
        pass(OpenConnections.HEAD_DEADLINE);
        assertThat(open.overdue()).isEmpty();
        pass(A_MOMENT);
        assertThat(open.overdue()).containsExactly("a");
        open.closed("a");
        assertThat(open.overdue()).isEmpty();
    }

    @Test
    void anAnswerTakesItsTimeAndTheNextHeadHasItsOwn() {
        assertThat(open.opened("a", "192.0.2.1")).isTrue();
        open.asked("a");
        pass(Duration.ofDays(1));
        assertThat(open.overdue()).isEmpty();
        open.answered("a");
        pass(OpenConnections.HEAD_DEADLINE);
        assertThat(open.overdue()).isEmpty();
        pass(A_MOMENT);
        assertThat(open.overdue()).containsExactly("a");
    }

    @Test
    void whatWasOpenBeforeIsLeftAlone() {
        open.asked("unknown");
        open.answered("unknown");
        open.closed("unknown");
        assertThat(open.overdue()).isEmpty();
    }
}
