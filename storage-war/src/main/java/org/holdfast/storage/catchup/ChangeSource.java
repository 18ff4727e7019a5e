package org.holdfast.storage.catchup;

import java.util.Optional;
import org.holdfast.contract.ChangePage;

/** Where the changes come from. */
public interface ChangeSource {

    /** What came of asking. */
    record Reply(Optional<ChangePage> page, boolean isTrimmed) {
        static Reply of(ChangePage page) {
            return new Reply(Optional.of(page), false);
        }

        /** What comes next is not in the log. */
        static Reply trimmed() {
            return new Reply(Optional.empty(), true);
        }

        /** Nobody answered; ask again later. */
        static Reply nobody() {
            return new Reply(Optional.empty(), false);
        }
    }

    /** The changes behind this number, at most {@code limit}. */
    Reply after(long seq, int limit);
}
