/** How MariaDB is reached: the data source, the schema's migrations, and what to do when transactions collide. */
@NullMarked
package org.holdfast.master.database;

import org.jspecify.annotations.NullMarked;
