-- Question: What has happened to this node, when, and why?
-- When:     It is down or failed, or was; before you trust it again.
-- Cost:     An index range: as many rows as it finds.
-- Ask:      SET @node = 'sn2' before (the default is only an example).
SET @node = COALESCE(@node, 'sn1');
SELECT ev.at, ev.kind, ev.was, ev.becomes, ac.name AS account, ev.detail
FROM storage_node sn JOIN node_event ev ON ev.node_id = sn.id LEFT JOIN account ac ON ac.id = ev.account_id
WHERE sn.name = @node
ORDER BY ev.id;
