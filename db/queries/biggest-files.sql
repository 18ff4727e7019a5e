-- Question: Which are the biggest files, and how much disk do they take with all their copies?
-- When:     Space runs short.
-- Cost:     Reads every file once: about 5 s per million files.
SELECT CONCAT_WS('/', ns.name, NULLIF(fo.path, ''), fi.name) AS file, big.size,
       big.size * (SELECT COUNT(*) FROM replica re WHERE re.blob_id = big.blob_id AND re.state = 'VERIFIED')
         AS stored_bytes,
       big.created_at
-- The 50 are found first and named afterwards, so that names and copies of all the others are not read.
FROM (SELECT bl.id AS blob_id, bl.size, ve.created_at, ve.file_id
      FROM blob_ bl
      JOIN file_version ve ON ve.blob_id = bl.id
      JOIN file fi ON fi.id = ve.file_id AND fi.version_id = ve.id
      ORDER BY bl.size DESC, bl.id
      LIMIT 50) big
JOIN file fi ON fi.id = big.file_id
JOIN folder fo ON fo.id = fi.folder_id
JOIN namespace ns ON ns.id = fo.namespace_id
ORDER BY big.size DESC, big.blob_id;
