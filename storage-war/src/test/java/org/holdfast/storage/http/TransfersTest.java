package org.holdfast.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.holdfast.contract.Ticket.Operation.GET;

import java.io.InputStream;
import java.time.Duration;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.LeastRate;
import org.holdfast.contract.NodeReport;
import org.holdfast.contract.SteadyBody;
import org.holdfast.contract.Ticket;
import org.junit.jupiter.api.Test;

class TransfersTest {
    private static final Bandwidth NO_CAP = new Bandwidth(System::nanoTime, java.util.Optional::empty);

    @Test
    void oneTooManyIsToldToComeBackAndTakesNoRoom() {
        var transfers = new Transfers(2, NO_CAP, LeastRate.NONE, LeastRate.DEFAULT);
        var first = transfers.begin(GET);
        try (var second = transfers.begin(GET)) {
            second.sent(5);
            assertThatThrownBy(() -> transfers.begin(GET)).isInstanceOfSatisfying(HoldfastException.class, e -> {
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
    void whatClientsMoveIsToldApartFromCopying() {
        var transfers = new Transfers(10, NO_CAP, LeastRate.NONE, LeastRate.DEFAULT);
        transfers.begin(Ticket.Operation.PUT).received(5);
        transfers.begin(Ticket.Operation.LAND).received(6);
        transfers.begin(GET).sent(7);
        transfers.begin(Ticket.Operation.REPLICATE).received(100);
        transfers.begin(Ticket.Operation.COPY).sent(100);
        assertThat(transfers.ofClients()).isEqualTo(new NodeReport.Traffic(2, 1, 11, 7));
        assertThat(transfers.receivedBytes()).isEqualTo(111);
        assertThat(transfers.sentBytes()).isEqualTo(107);
    }

    @Test
    void buffersShrinkWhenManyTransfersShareTheMemory() {
        var transfers = new Transfers(1000, NO_CAP, LeastRate.NONE, LeastRate.DEFAULT);
        var slot = transfers.begin(GET);
        assertThat(slot.bufferBytes(100)).isEqualTo(8 * 1024);
        assertThat(slot.bufferBytes(20_000)).isEqualTo(64 * 1024);
        assertThat(slot.bufferBytes(1 << 30)).isEqualTo(256 * 1024);
        assertThat(slot.pieceBytes(100)).isEqualTo(8 * 1024);
        assertThat(slot.pieceBytes(10_000)).isEqualTo(16 * 1024);
        assertThat(slot.pieceBytes(1 << 30)).isEqualTo(64 * 1024);
        for (int i = 0; i < 100; i++) {
            transfers.begin(GET);
        }
        assertThat(slot.bufferBytes(1 << 30)).isEqualTo(64 * 1024);
        assertThat(slot.pieceBytes(1 << 30)).isEqualTo(16 * 1024);
    }

    @Test
    void peopleHaveToKeepARateAndWorkersNeedNot() {
        var transfers = new Transfers(10, NO_CAP, LeastRate.DEFAULT, LeastRate.DEFAULT);
        var body = InputStream.nullInputStream();
        for (Ticket.Operation operation : Ticket.Operation.values()) {
            try (var slot = transfers.begin(operation)) {
                assertThat(slot.steady(body) instanceof SteadyBody)
                        .as("%s", operation)
                        .isEqualTo(!operation.isCopying());
            }
        }
    }
}
