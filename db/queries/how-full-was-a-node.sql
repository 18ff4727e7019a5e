-- Question: How did this node fill up, day by day?
-- When:     Before you buy disks; when a disk filled suddenly.
-- Cost:     An index range: about 20,000 rows for a year.
-- Ask:      SET @node = 'sn2' before (the default is only an example).
SET @node = COALESCE(@node, 'sn1');
SELECT DATE(sa.at) AS day, ROUND(MAX(sa.used_bytes) / 1e9, 1) AS used_gb, ROUND(MIN(sa.free_bytes) / 1e9, 1) AS free_gb,
       ROUND(MAX(sa.max_ping_micros) / 1e3, 1) AS slowest_answer_ms
FROM storage_node sn JOIN node_sample sa ON sa.node_id = sn.id
WHERE sn.name = @node
GROUP BY day
ORDER BY day;
