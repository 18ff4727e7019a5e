-- Question: What was changed last, and by whom?
-- When:     A file is gone or different and nobody knows why.
-- Cost:     Reads the last 100 entries; milliseconds.
SELECT cl.changed_at, ac.name AS changed_by, cl.kind, cl.path, cl.blob_id, cl.id AS seq
FROM change_log cl
JOIN account ac ON ac.id = cl.account_id
ORDER BY cl.id DESC
LIMIT 100;
