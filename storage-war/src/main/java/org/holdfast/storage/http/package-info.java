/**
 * The node's HTTP boundary: raw servlets, since each layer between them and the socket was measured to cost a third of
 * the throughput. Every servlet declares who may call it ({@link org.holdfast.storage.http.Access}); one that does not
 * fails the boot. All failures leave as problem+json through {@link org.holdfast.storage.http.NodeServlet}.
 */
@NullMarked
package org.holdfast.storage.http;

import org.jspecify.annotations.NullMarked;
