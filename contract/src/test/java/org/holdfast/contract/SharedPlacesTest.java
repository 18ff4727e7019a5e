package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.SharedPlaces.Taker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedPlacesTest {
    private static final Duration COME_BACK = Duration.ofSeconds(2);
    private static final Taker UTE = Taker.of("ute");

    private final SharedPlaces places = new SharedPlaces("places of a test", 5, 50, COME_BACK);

    private void assertRefused(Taker taker, String code) {
        int taken = places.taken();
        assertThatThrownBy(() -> places.take(taker)).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.retryAfter()).contains(COME_BACK);
        });
        assertThat(places.taken()).isEqualTo(taken);
    }

    @Test
    void nobodyHasMoreThanHalfAndOthersAreServed() {
        var first = places.take(UTE);
        var second = places.take(UTE);
        assertRefused(UTE, "share-used");
        var other = places.take(Taker.of("uwe"));
        second.close();
        second.close();
        assertThat(places.taken()).isEqualTo(2);
        var again = places.take(UTE);
        assertRefused(UTE, "share-used");
        first.close();
        again.close();
        other.close();
        assertThat(places.taken()).isZero();
    }

    @Test
    void thereAreNoMoreThanThereAre() {
        for (int i = 0; i < 5; i++) {
            var unused = places.take(Taker.of("u" + i));
        }
        assertRefused(UTE, "busy");
        assertRefused(Taker.MEMBER, "busy");
    }

    @Test
    void anAddressCountsForWhoHasNoAccount() {
        for (int i = 0; i < 2; i++) {
            var unused = places.take(Taker.of(Optional.empty(), "2001:db8::" + i));
        }
        assertRefused(Taker.of(Optional.empty(), "2001:db8::7"), "share-used");
        // Somebody of the same office, and somebody whose name is an address.
        var signedIn = places.take(Taker.of(Optional.of("ute"), "2001:db8::7"));
        var odd = places.take(Taker.of("2001:db8:0:0::/64"));
        assertThat(places.taken()).isEqualTo(4);
        signedIn.close();
        odd.close();
    }

    @Test
    void theClusterItselfHasNoShare() {
        for (int i = 0; i < 5; i++) {
            var unused = places.take(Taker.MEMBER);
        }
        assertThat(places.taken()).isEqualTo(5);
    }

    @Test
    void oneIsTheSmallestShare() {
        var few = new SharedPlaces("places", 3, 1, COME_BACK);
        var unused = few.take(UTE);
        assertThatThrownBy(() -> few.take(UTE)).isInstanceOf(HoldfastException.class);
        assertThat(few.taken()).isEqualTo(1);
    }

    @Test
    void theShareIsAHalfUnlessItIsSet() {
        assertThat(SharedPlaces.percent(name -> Optional.empty())).isEqualTo(50);
        assertThat(SharedPlaces.percent(name -> Optional.ofNullable(
                        Map.of("holdfast.share.percent", "100").get(name))))
                .isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "101", "half"})
    void nonsenseIsRefused(String percent) {
        assertThatThrownBy(() -> SharedPlaces.percent(name -> Optional.of(percent)))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("holdfast.share.percent");
    }
}
