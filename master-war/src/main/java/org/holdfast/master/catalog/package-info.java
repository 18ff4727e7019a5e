/** Namespaces, folders, files and versions: what a name means. */
@NullMarked
package org.holdfast.master.catalog;

import org.jspecify.annotations.NullMarked;
