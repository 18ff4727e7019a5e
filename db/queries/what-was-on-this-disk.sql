-- Question: Which files had a copy on this node, and how many good copies do they have elsewhere?
-- When:     A disk has died. Files without another good copy come first: these need a backup or the disk itself.
-- Cost:     A few indexed reads per copy on the node, and a sort: about 10 s per million copies.
-- Ask:      SET @node = 'sn2' before (the default is only an example).
SET @node = COALESCE(@node, 'sn1');
SELECT (SELECT COUNT(*) FROM replica other
         WHERE other.blob_id = re.blob_id AND other.node_id <> re.node_id AND other.state = 'VERIFIED') AS good_elsewhere,
       CONCAT_WS('/', ns.name, NULLIF(fo.path, ''), fi.name) AS file, ve.number AS version,
       ve.id = fi.version_id AS is_current, bl.size, re.state, re.verified_at, re.blob_id
FROM storage_node sn
JOIN replica re ON re.node_id = sn.id
JOIN blob_ bl ON bl.id = re.blob_id
JOIN file_version ve ON ve.blob_id = bl.id
JOIN file fi ON fi.id = ve.file_id
JOIN folder fo ON fo.id = fi.folder_id
JOIN namespace ns ON ns.id = fo.namespace_id
WHERE sn.name = @node
ORDER BY good_elsewhere, file, version
LIMIT 1000;
