-- Question: Which copies should be there but were never verified, or are under suspicion?
-- When:     Replication seems stuck, or after a node has returned.
-- Cost:     An index entry and a few reads per such copy; the good ones are not read.
SELECT re.state, re.changed_at, sn.name AS node, sn.status AS node_status,
       CONCAT_WS('/', ns.name, NULLIF(fo.path, ''), fi.name) AS file, ve.number AS version, bl.size, re.verified_at
FROM replica re
JOIN storage_node sn ON sn.id = re.node_id
JOIN blob_ bl ON bl.id = re.blob_id
LEFT JOIN file_version ve ON ve.blob_id = bl.id
LEFT JOIN file fi ON fi.id = ve.file_id
LEFT JOIN folder fo ON fo.id = fi.folder_id
LEFT JOIN namespace ns ON ns.id = fo.namespace_id
WHERE re.state IN ('PLANNED', 'COPYING', 'SUSPECT', 'CORRUPT', 'LOST')
ORDER BY re.changed_at
LIMIT 1000;
