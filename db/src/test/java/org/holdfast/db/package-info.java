/** The schema, its views and the administrator's queries, tried on a real MariaDB. */
@NullMarked
package org.holdfast.db;

import org.jspecify.annotations.NullMarked;
