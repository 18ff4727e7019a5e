-- Question: What happened at each attempt of this task?
-- When:     A task is dead or keeps waiting, and its last reason does not explain it.
-- Cost:     One indexed read per attempt.
-- Ask:      SET @task = 'its id' before; without it, the task that died last.
SET @task = COALESCE(@task, (SELECT id FROM task WHERE state = 'DEAD' ORDER BY changed_at DESC LIMIT 1));
SELECT ta.path, at.attempt, at.worker, so.name AS source, tn.name AS target, at.outcome, at.detail, at.bytes,
       at.started_at, TIMESTAMPDIFF(MICROSECOND, at.started_at, at.ended_at) / 1e6 AS seconds
FROM task_attempt at
JOIN task ta ON ta.id = at.task_id
JOIN storage_node tn ON tn.id = at.target_node_id
LEFT JOIN storage_node so ON so.id = at.source_node_id
WHERE at.task_id = @task
ORDER BY at.attempt;
