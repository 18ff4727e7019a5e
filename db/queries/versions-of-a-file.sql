-- Question: Which versions of this file are there, who put them, and how many verified copies has each?
-- When:     Somebody wants an older state back, or asks who changed a file.
-- Cost:     A few indexed reads per version.
-- Ask:      SET @file = 'namespace/path' before (the default is only an example).
SET @file = COALESCE(@file, 'admin/docs/a.txt');
SET @namespace = SUBSTRING_INDEX(@file, '/', 1), @name = SUBSTRING_INDEX(@file, '/', -1);
SET @folder = SUBSTRING(@file, CHAR_LENGTH(@namespace) + 2,
                        CHAR_LENGTH(@file) - CHAR_LENGTH(@namespace) - CHAR_LENGTH(@name) - 2);
SELECT ve.number AS version, ve.id = fi.version_id AS is_current, ve.created_at, ac.name AS put_by, bl.size, bl.sha256,
       (SELECT COUNT(*) FROM replica re WHERE re.blob_id = bl.id AND re.state = 'VERIFIED') AS verified_copies
FROM namespace ns
JOIN folder fo ON fo.namespace_id = ns.id AND fo.path = @folder
JOIN file fi ON fi.folder_id = fo.id AND fi.name = @name
JOIN file_version ve ON ve.file_id = fi.id
JOIN blob_ bl ON bl.id = ve.blob_id
JOIN account ac ON ac.id = ve.account_id
WHERE ns.name = @namespace
ORDER BY ve.number DESC;
