/**
 * Who people are: accounts, passwords, sessions.
 *
 * <p>A session's token is sealed with a key that masters alone have, and believed without a look into the database; what ends before its
 * time is in a short list that each master reads every second. Passwords are compared a few at a time, and guessing is
 * slowed down by name and by address.
 */
@NullMarked
package org.holdfast.master.account;

import org.jspecify.annotations.NullMarked;
