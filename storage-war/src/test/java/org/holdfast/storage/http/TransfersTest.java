package org.holdfast.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.holdfast.contract.Ticket.Operation.GET;

import java.io.InputStream;
import java.time.Duration;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.LeastRate;
import org.holdfast.contract.NodeReport;
import org.holdfast.contract.SharedPlaces.Taker;
import org.holdfast.contract.SteadyBody;
import org.holdfast.contract.Ticket;
import org.junit.jupiter.api.Test;

class TransfersTest {
    private static final Bandwidth NO_CAP = new Bandwidth(System::nanoTime, java.util.Optional::empty);

    @Test
    void oneTooManyIsToldToComeBackAndTakesNoRoom() {
        var transfers = new Transfers(Transfers.places(2, 100), NO_CAP, LeastRate.NONE, LeastRate.DEFAULT);
        var first = transfers.begin(GET, Taker.MEMBER);
        try (var second = transfers.begin(GET, Taker.MEMBER)) {
            second.sent(5);
            assertThatThrownBy(() -> transfers.begin(GET, Taker.MEMBER))
                    .isInstanceOfSatisfying(HoldfastException.class, e -> {
                        assertThat(e.code()).isEqualTo("busy");
                        assertThat(e.retryAfter()).contains(Duration.ofSeconds(1));
                    });
            assertThat(transfers.active()).isEqualTo(2);
        }
        first.close();
        first.close();
        assertThat(transfers.active()).isZero();
        assertThat(transfers.sentBytes()).isEqualTo(5);
    }

    @Test
    void nobodyHasMoreThanHalfOfThemAndWorkersHaveTheirs() {
        var transfers = new Transfers(Transfers.places(4, 50), NO_CAP, LeastRate.NONE, LeastRate.DEFAULT);
        Taker ute = Taker.of("ute");
        var first = transfers.begin(GET, ute);
        var second = transfers.begin(Ticket.Operation.PUT, ute);
        assertThatThrownBy(() -> transfers.begin(GET, ute)).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.code()).isEqualTo("share-used");
            assertThat(e.retryAfter()).contains(Duration.ofSeconds(1));
        });
        try (var copying = transfers.begin(Ticket.Operation.COPY, ute);
                var others = transfers.begin(GET, Taker.of("uwe"))) {
            copying.sent(1);
            others.sent(1);
            assertThat(transfers.active()).isEqualTo(4);
        }
        first.close();
        second.close();
        assertThat(transfers.active()).isZero();
    }

    @Test
    void whatClientsMoveIsToldApartFromCopying() {
        var transfers = new Transfers(Transfers.places(10, 100), NO_CAP, LeastRate.NONE, LeastRate.DEFAULT);
        transfers.begin(Ticket.Operation.PUT, Taker.MEMBER).received(5);
        transfers.begin(Ticket.Operation.LAND, Taker.MEMBER).received(6);
        transfers.begin(GET, Taker.MEMBER).sent(7);
        transfers.begin(Ticket.Operation.REPLICATE, Taker.MEMBER).received(100);
        transfers.begin(Ticket.Operation.COPY, Taker.MEMBER).sent(100);
        assertThat(transfers.ofClients()).isEqualTo(new NodeReport.Traffic(2, 1, 11, 7));
        assertThat(transfers.receivedBytes()).isEqualTo(111);
        assertThat(transfers.sentBytes()).isEqualTo(107);
    }

    @Test
    void buffersShrinkWhenManyTransfersShareTheMemory() {
        var transfers = new Transfers(Transfers.places(1000, 100), NO_CAP, LeastRate.NONE, LeastRate.DEFAULT);
        var slot = transfers.begin(GET, Taker.MEMBER);
        assertThat(slot.bufferBytes(100)).isEqualTo(8 * 1024);
        assertThat(slot.bufferBytes(20_000)).isEqualTo(64 * 1024);
        assertThat(slot.bufferBytes(1 << 30)).isEqualTo(256 * 1024);
        assertThat(slot.pieceBytes(100)).isEqualTo(8 * 1024);
        assertThat(slot.pieceBytes(10_000)).isEqualTo(16 * 1024);
        assertThat(slot.pieceBytes(1 << 30)).isEqualTo(64 * 1024);
        for (int i = 0; i < 100; i++) {
            transfers.begin(GET, Taker.MEMBER);
        }
        assertThat(slot.bufferBytes(1 << 30)).isEqualTo(64 * 1024);
        assertThat(slot.pieceBytes(1 << 30)).isEqualTo(16 * 1024);
    }

    @Test
    void peopleHaveToKeepARateAndWorkersNeedNot() {
        var transfers = new Transfers(Transfers.places(10, 100), NO_CAP, LeastRate.DEFAULT, LeastRate.DEFAULT);
        var body = InputStream.nullInputStream();
        for (Ticket.Operation operation : Ticket.Operation.values()) {
            try (var slot = transfers.begin(operation, Taker.MEMBER)) {
                assertThat(slot.steady(body) instanceof SteadyBody)
                        .as("%s", operation)
                        .isEqualTo(!operation.isCopying());
            }
        }
    }
}
