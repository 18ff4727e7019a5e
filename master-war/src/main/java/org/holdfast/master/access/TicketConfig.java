package org.holdfast.master.access;

import java.time.Duration;

/**
 * How long a ticket for a storage node is honoured.
 *
 * @param life from its making; bounds when a transfer may begin, not how long it may take
 */
public record TicketConfig(Duration life) {
    public TicketConfig {
        if (life.toSeconds() < 1) {
            throw new IllegalArgumentException("holdfast.ticket.life must be at least 1 s");
        }
    }
}
