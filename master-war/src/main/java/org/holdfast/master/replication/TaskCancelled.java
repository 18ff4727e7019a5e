package org.holdfast.master.replication;

/**
 * Event within a transaction: a person has cancelled a task, and a worker may be at it.
 *
 * @param taskId the task
 * @param attempt the attempt that is not wanted any more
 */
public record TaskCancelled(String taskId, int attempt) {}
