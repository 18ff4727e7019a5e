/** Who people are: accounts, passwords, sessions. */
@NullMarked
package org.holdfast.master.account;

import org.jspecify.annotations.NullMarked;
