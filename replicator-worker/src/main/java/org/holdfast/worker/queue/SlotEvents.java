package org.holdfast.worker.queue;

import org.holdfast.contract.Outcome;

/** Hears what happens in the slots; called by their threads, must not block. */
public interface SlotEvents {
    /** An attempt has ended and its report is committed. */
    void reported(String kind, Outcome outcome, long movedBytes);

    /** An attempt was handed back to the broker. */
    void handedBack();
}
