-- Question: Which files, or older versions of them, have fewer copies on running nodes than they should, and what is done?
-- When:     The number of under-replicated files does not fall, or a node has been away. Copies on
--           a node that is expected back are made elsewhere from heals_at on; missing are those that no node is expected to
--           bring back. No open task and something missing for long means that nobody works on it: see dead-tasks-and-why.
-- Cost:     An index range per version of the catalog: about 10 s per million.
SELECT verified, wanted, readable, running, missing, heals_at, open_tasks, CONCAT(namespace, '/', path) AS file, version,
       is_current, size, last_reason
FROM under_replicated
ORDER BY readable, missing DESC, verified, file, version
LIMIT 1000;
