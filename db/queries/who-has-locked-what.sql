-- Question: Which names are locked now, by whom, why, and until when?
-- When:     Somebody is refused with 423 and wants to know, or a lock seems to be left over.
-- Cost:     Reads every lock; there are as many as puts under way and locks that people hold.
SELECT CONCAT(ns.name, '/', fl.path) AS file, fl.kind, ac.name AS user_name, fl.acquired_at, fl.expires_at, fl.token
FROM file_lock fl
JOIN namespace ns ON ns.id = fl.namespace_id
JOIN account ac ON ac.id = fl.account_id
WHERE fl.expires_at > UTC_TIMESTAMP(6)
ORDER BY file
LIMIT 500;
