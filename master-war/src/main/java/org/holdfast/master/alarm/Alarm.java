package org.holdfast.master.alarm;

import java.util.Locale;

/**
 * Something that somebody should look at.
 *
 * @param subject what it is about: a node, a server, or a part of the cluster; with the kind its key
 * @param sentence what is wrong, and what to do
 */
public record Alarm(Kind kind, Severity severity, String subject, String sentence) {
    /** What is wrong. */
    public enum Kind {
        DEAD_TASKS,
        NODE_FAILED,
        NODE_DOWN(true),
        NODE_TWICE,
        UNDER_REPLICATED,
        UNREADABLE(true),
        CATALOG_BEHIND,
        SPACE,
        CATALOG_SPACE,
        CERTIFICATE,
        MAIL;

        private final boolean mayPass;

        Kind() {
            this(false);
        }

        Kind(boolean mayPass) {
            this.mayPass = mayPass;
        }

        /** Whether it is worth a word only when it lasts: a node that is started anew is no alarm. */
        boolean mayPass() {
            return mayPass;
        }

        /** As clients know it, and the catalog. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /** How bad it is. */
    public enum Severity {
        /** It should be seen to. */
        WARNING,
        /** Something is lost, or will be, unless it is seen to now. */
        CRITICAL;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
