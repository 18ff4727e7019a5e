/**
 * Who did what: records of accesses and administrative acts, in the catalog and, beside that, to a syslog receiver.
 *
 * <p>{@link org.holdfast.master.audit.AuditTrail} takes them and lets those who have changed something wait until theirs
 * is stored; one writer stores them, many at once; {@link org.holdfast.master.audit.AuditLog} is the table.
 */
@NullMarked
package org.holdfast.master.audit;

import org.jspecify.annotations.NullMarked;
