-- Question: What would be lost, and what would be short of copies, if this node went away now?
-- When:     Before you take a machine or a disk out. would_be_lost must be 0; drain the node first if it is not.
-- Cost:     Two index ranges per copy on the node: about 15 s per million copies.
-- Ask:      SET @node = 'sn2' before (the default is only an example).
SET @node = COALESCE(@node, 'sn1');
SELECT @node AS node, COUNT(*) AS good_copies_here,
       COALESCE(SUM(good_elsewhere = 0), 0) AS would_be_lost,
       COALESCE(SUM(good_elsewhere = 1), 0) AS would_have_one_copy,
       COALESCE(SUM(good_elsewhere > 1), 0) AS would_have_more
FROM (SELECT (SELECT COUNT(*) FROM replica other JOIN storage_node holder ON holder.id = other.node_id
               WHERE other.blob_id = re.blob_id AND other.node_id <> re.node_id AND other.state = 'VERIFIED'
                 AND holder.status = 'RUNNING') AS good_elsewhere
      FROM storage_node sn JOIN replica re ON re.node_id = sn.id
      WHERE sn.name = @node AND re.state = 'VERIFIED') here;
