package org.holdfast.worker.transfer;

import java.net.URI;
import org.holdfast.contract.TaskMessage;

/** Where a task's blob is reached on a node, with the ticket that a master has made for this task. */
final class NodeAddress {
    private NodeAddress() {}

    static URI ofSource(TaskMessage task, TaskMessage.Member source) {
        return at(source, "/blobs/", task, "", task.tickets().source());
    }

    static URI ofTarget(TaskMessage task) {
        return at(task.target(), "/blobs/", task, "", task.tickets().target());
    }

    /** For what is done to the copy that is there. */
    static URI forUpkeep(TaskMessage task, String what) {
        return at(
                task.target(), "/internal/v1/blobs/", task, what, task.tickets().target());
    }

    private static URI at(TaskMessage.Member node, String prefix, TaskMessage task, String what, String ticket) {
        return URI.create(node.url() + prefix + task.blob().id() + what + "?ticket=" + ticket);
    }
}
