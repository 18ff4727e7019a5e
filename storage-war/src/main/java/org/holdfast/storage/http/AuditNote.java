package org.holdfast.storage.http;

/** What servlets tell {@link AuditFilter} about their request, as its attributes. */
final class AuditNote {
    /** Bytes of the file that went over the line; a {@link Long}. */
    static final String BYTES = "org.holdfast.audit.bytes";

    /** Code of the failure. */
    static final String CODE = "org.holdfast.audit.code";

    private AuditNote() {}
}
