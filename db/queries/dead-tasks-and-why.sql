-- Question: Which tasks were given up, and why?
-- When:     The console or an alarm tells of dead letters. Mend the cause, then: POST /api/v1/tasks/{task_id}/retry
-- Cost:     A few indexed reads per dead task.
SELECT died_at, task_id, kind, path, source, target, attempts, last_outcome, reason
FROM dead_task
ORDER BY died_at DESC
LIMIT 200;
