/**
 * How masters and nodes tell a syslog receiver what was done: RFC 5424 with structured data, over UDP (RFC 5426), TCP with
 * octet counting (RFC 6587) or TLS (RFC 5425).
 *
 * <p>Telling is beside the record in the database and never in anybody's way: {@link
 * org.holdfast.syslog.SyslogSender#offer} returns at once whatever becomes of the receiver, and what can't be told for too
 * long is counted and forgotten, the oldest first.
 */
@NullMarked
package org.holdfast.syslog;

import org.jspecify.annotations.NullMarked;
