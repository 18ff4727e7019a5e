package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.master.cluster.AdminState;
import org.holdfast.master.cluster.ChangeNode.Wish;
import org.holdfast.master.cluster.NodeView.Heal;
import org.holdfast.master.cluster.NodeView.Terms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeWishTest {
    private static final Terms BEFORE = new Terms(Optional.of(Heal.MANUAL), Optional.of(5L));

    @Test
    void whatIsLeftOutStays() {
        assertThat(NodeWish.read("{}", BEFORE)).isEqualTo(new Wish(Optional.empty(), false, Optional.of(BEFORE)));
        assertThat(NodeWish.read("{\"adminState\":\"removed\",\"force\":true}", BEFORE))
                .isEqualTo(new Wish(Optional.of(AdminState.REMOVED), true, Optional.of(BEFORE)));
    }

    @Test
    void nullTakesAway() {
        assertThat(NodeWish.read("{\"heal\":null,\"bandwidthBytesPerSecond\":null}", BEFORE)
                        .terms())
                .contains(new Terms(Optional.empty(), Optional.empty()));
        assertThat(NodeWish.read("{\"heal\":\"auto\",\"bandwidthBytesPerSecond\":9}", BEFORE)
                        .terms())
                .contains(new Terms(Optional.of(Heal.AUTO), Optional.of(9L)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"adminState\":\"on\"}",
                "{\"adminState\":7}",
                "{\"adminState\":null}",
                "{\"adminstate\":\"offline\"}",
                "{\"force\":\"yes\"}",
                "{\"heal\":\"later\"}",
                "{\"bandwidthBytesPerSecond\":0}",
                "{\"bandwidthBytesPerSecond\":1.5}",
                "{\"bandwidthBytesPerSecond\":\"9\"}"
            })
    void anythingElseIsRefused(String body) {
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> NodeWish.read(body, BEFORE));
    }
}
