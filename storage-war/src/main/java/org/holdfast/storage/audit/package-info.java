/**
 * Who has fetched and brought bytes here: records of what tickets were used for, kept in the data directory until a master
 * has stored them, and told to a syslog receiver where there is one.
 *
 * <p>On the disk: {@code audit/NUMBER.jsonl}, one record a line, the newest file the last one by name. A record is with
 * the operating system before its request has been answered, so that it survives the process; it is not forced to the
 * disk, so that a loss of power may cost the last seconds.
 */
@NullMarked
package org.holdfast.storage.audit;

import org.jspecify.annotations.NullMarked;
