-- Question: Which bytes are kept although no version of any file points to them?
-- When:     The disks hold more than the files explain. Copies that are being deleted are normal here for a while.
-- Cost:     Reads every blob once: about 2 s per million.
SELECT bl.id AS blob_id, bl.size, bl.created_at,
       GROUP_CONCAT(CONCAT(sn.name, ' ', re.state) ORDER BY sn.name SEPARATOR ', ') AS copies
FROM blob_ bl
LEFT JOIN file_version ve ON ve.blob_id = bl.id
LEFT JOIN replica re ON re.blob_id = bl.id
LEFT JOIN storage_node sn ON sn.id = re.node_id
WHERE ve.id IS NULL
GROUP BY bl.id, bl.size, bl.created_at
ORDER BY bl.size DESC, bl.id
LIMIT 1000;
