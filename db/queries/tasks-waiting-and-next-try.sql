-- Question: What is still to be done, when is the next try, and what went wrong the last time?
-- When:     Copies are missing and you want to know whether to wait or to act.
-- Cost:     A few indexed reads per open task.
SELECT ta.state, ta.urgency, ta.not_before AS next_try_at, ta.sent_at, ta.attempt, ta.kind, ta.path,
       so.name AS source, tn.name AS target, tn.status AS target_status, ta.reason, ta.id AS task_id
FROM task ta
JOIN storage_node tn ON tn.id = ta.target_node_id
LEFT JOIN storage_node so ON so.id = ta.source_node_id
WHERE ta.state IN ('QUEUED', 'RUNNING', 'WAITING')
ORDER BY ta.not_before, ta.urgency, ta.id
LIMIT 500;
