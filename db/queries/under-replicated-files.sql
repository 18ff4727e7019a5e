-- Question: Which files, or older versions of them, have fewer good copies than they should, and what is done about it?
-- When:     The number of under-replicated files does not fall, or a node has been away. No open task and something
--           missing for long means that nobody works on it: look at dead-tasks-and-why.
-- Cost:     An index range per version of the catalog: about 10 s per million.
SELECT verified, wanted, readable, missing, open_tasks, CONCAT(namespace, '/', path) AS file, version,
       is_current, size, last_reason
FROM under_replicated
ORDER BY readable, missing DESC, verified, file, version
LIMIT 1000;
