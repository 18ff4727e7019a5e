/**
 * Who may do what: callers, access levels of endpoints, roles on files, tickets for storage nodes.
 *
 * <p>A role is inherited downwards, and the strongest counts. Who has none learns nothing: the answer is the same whether
 * there is something or not.
 */
@NullMarked
package org.holdfast.master.access;

import org.jspecify.annotations.NullMarked;
