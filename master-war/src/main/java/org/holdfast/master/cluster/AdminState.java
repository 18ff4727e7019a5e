package org.holdfast.master.cluster;

import java.util.Locale;

/** What a person wants of a node. */
public enum AdminState {
    IN_SERVICE,
    /** Gives its copies away and takes no new ones. */
    DRAINING,
    /** Not used, until a person says otherwise. */
    OFFLINE,
    /** Gone for good. */
    REMOVED;

    /** Whether a person may ask for this next. Who is removed has been offline before, so that nothing is under way. */
    public boolean mayBecome(AdminState next) {
        return switch (this) {
            case IN_SERVICE -> next == DRAINING || next == OFFLINE;
            case DRAINING -> next == IN_SERVICE || next == OFFLINE;
            case OFFLINE -> next != OFFLINE;
            case REMOVED -> false;
        };
    }

    /** Whether the node is to be used. */
    public boolean isWanted() {
        return this == IN_SERVICE || this == DRAINING;
    }

    /** As people and the API write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
