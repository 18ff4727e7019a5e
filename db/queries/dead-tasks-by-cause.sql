-- Question: What do the dead tasks have in common?
-- When:     There are many of them: one full or misconfigured node explains most.
-- Cost:     A few indexed reads per dead task.
SELECT COUNT(*) AS tasks, kind, target, COALESCE(last_outcome, 'NONE_REPORTED') AS outcome, MIN(died_at) AS first_at,
       MAX(died_at) AS last_at, MAX(reason) AS for_example
FROM dead_task
GROUP BY kind, target, outcome
ORDER BY tasks DESC, target;
