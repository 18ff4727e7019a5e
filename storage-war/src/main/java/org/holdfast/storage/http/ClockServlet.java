package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.ClockReading;
import org.holdfast.storage.cluster.Membership;

/**
 * {@code GET /internal/v1/clock?nonce=…}: the masters' time as this node knows it, sealed; workers, which know no master,
 * set their clocks by it. Whose clock is wrong can't sign, so anybody may ask.
 */
@Access(Access.Level.PUBLIC)
final class ClockServlet extends NodeServlet {
    private final transient Clock clock;

    ClockServlet(Membership membership, Clock clock) {
        super(membership, Set.of("GET"));
        this.clock = clock;
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String nonce = Optional.ofNullable(request.getParameter("nonce")).orElse("");
        var keys = membership().credentials().keys();
        Answers.json(
                response,
                HttpServletResponse.SC_OK,
                ClockReading.of(nonce, clock.instant(), keys).toJson().toString());
    }
}
