-- Question: How full is every node, does it answer, and how many good copies does it keep?
-- When:     Every week; before you add files or take out a node.
-- Cost:     An index entry per copy: about half a second per million copies.
SELECT node, zone, status, admin_state, ROUND(capacity_bytes / 1e9, 1) AS capacity_gb,
       ROUND(used_bytes / 1e9, 1) AS used_gb, ROUND(free_bytes / 1e9, 1) AS free_gb, used_percent, copies, last_seen_at
FROM node_space
ORDER BY used_percent DESC, node;
