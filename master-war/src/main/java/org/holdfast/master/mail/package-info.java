/**
 * Mails: written into an outbox in the transaction that makes them necessary, sent by the leading master, again and again
 * while the mail server is away. Knows nothing of accounts.
 */
@NullMarked
package org.holdfast.master.mail;

import org.jspecify.annotations.NullMarked;
