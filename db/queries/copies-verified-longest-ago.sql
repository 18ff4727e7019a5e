-- Question: Which good copies have not been read and compared with their digests for the longest time?
-- When:     You wonder whether old disks still hold what they took.
-- Cost:     Reads every copy once: about 2 s per million copies.
SELECT re.verified_at, sn.name AS node, re.blob_id, CONCAT_WS('/', ns.name, NULLIF(fo.path, ''), fi.name) AS file
FROM (SELECT blob_id, node_id, verified_at FROM replica
      WHERE state = 'VERIFIED'
      ORDER BY verified_at, blob_id, node_id
      LIMIT 50) re
JOIN storage_node sn ON sn.id = re.node_id
LEFT JOIN file_version ve ON ve.blob_id = re.blob_id
LEFT JOIN file fi ON fi.id = ve.file_id
LEFT JOIN folder fo ON fo.id = fi.folder_id
LEFT JOIN namespace ns ON ns.id = fo.namespace_id
ORDER BY re.verified_at, re.blob_id, sn.name;
