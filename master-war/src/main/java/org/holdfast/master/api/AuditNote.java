package org.holdfast.master.api;

/**
 * What an endpoint adds to the record of its request, as attributes of the request: what a URL can't tell. Everything else
 * is known to {@link AuditFilter}, so that an endpoint that says nothing is recorded all the same.
 */
final class AuditNote {
    /** Whom the gate has recognised; a {@link org.holdfast.master.account.Caller}. */
    static final String CALLER = "org.holdfast.caller";

    /** Name of the account, where the gate knows none. */
    static final String ACTOR = "org.holdfast.audit.actor";

    /** Name of what is made or changed, where the URL does not have it. */
    static final String OBJECT = "org.holdfast.audit.object";

    /** What else there is to know. Never a secret. */
    static final String DETAIL = "org.holdfast.audit.detail";

    /** Bytes of the file that went through this master; a {@link Long}. */
    static final String BYTES = "org.holdfast.audit.bytes";

    /** Code of the failure. */
    static final String CODE = "org.holdfast.audit.code";

    private AuditNote() {}
}
