-- Question: What would be lost, and what would be short of copies, if this node went away now?
-- When:     Before you take a machine or a disk out. Safe when would_be_lost and would_have_too_few are 0; drain the node
--           first if they are not. `holdfast node safe sn2` asks the same.
-- Cost:     Some indexed reads per copy on the node: about 20 s per million copies.
-- Ask:      SET @node = 'sn2' before (the default is only an example).
SET @node = COALESCE(@node, 'sn1');
SELECT @node AS node, COUNT(*) AS good_copies_here,
       COALESCE(SUM(good_elsewhere = 0), 0) AS would_be_lost,
       COALESCE(SUM(good_elsewhere > 0 AND good_elsewhere < wanted), 0) AS would_have_too_few,
       COALESCE(SUM(good_elsewhere >= wanted), 0) AS would_have_enough
FROM (SELECT ns.replica_count + 1 AS wanted,
             (SELECT COUNT(*) FROM replica other JOIN storage_node holder ON holder.id = other.node_id
               WHERE other.blob_id = re.blob_id AND other.node_id <> re.node_id AND other.state = 'VERIFIED'
                 AND NOT other.leaving AND holder.status = 'RUNNING' AND holder.admin_state = 'IN_SERVICE') AS good_elsewhere
      FROM storage_node sn
      JOIN replica re ON re.node_id = sn.id
      JOIN file_version ve ON ve.blob_id = re.blob_id
      JOIN file fi ON fi.id = ve.file_id
      JOIN folder fo ON fo.id = fi.folder_id
      JOIN namespace ns ON ns.id = fo.namespace_id
      WHERE sn.name = @node AND re.state = 'VERIFIED') here;
