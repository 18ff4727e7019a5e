package org.holdfast.master.alarm;

import java.time.Duration;

/**
 * When something is worth an alarm.
 *
 * @param patience how long a trouble that may pass by itself has to last, and how long any trouble has to be gone
 * @param freePercent a node with less room than this is getting full; with less than a third of it, it is full
 * @param copiesWait how long a copy may be on its way
 * @param mailsWait how long a mail may wait to be sent
 */
public record AlarmConfig(Duration patience, int freePercent, Duration copiesWait, Duration mailsWait) {
    public AlarmConfig {
        if (freePercent < 0 || freePercent > 100) {
            throw new IllegalArgumentException("holdfast.alarm.free-percent must be from 0 to 100");
        }
    }
}
