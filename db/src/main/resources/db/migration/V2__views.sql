-- Views for the administrator. They answer in one line what would otherwise be a join of seven tables; ready questions
-- with their cost are in db/queries. None of them is used by the master itself.
-- Names in conditions compare byte by byte, as everywhere in the catalog: 'A.txt' is not 'a.txt'.

-- Where is every copy of this file?
-- Quick (four indexed reads and one per copy):  WHERE namespace = 'admin' AND folder = 'docs/2026' AND name = 'a.txt'
-- One indexed read or two per copy on one disk: WHERE node = 'sn1'
-- Slow (reads every file of the namespace, about 3 s per million):
--                                               WHERE namespace = 'admin' AND path = 'docs/2026/a.txt'
-- since path is put together from folder and name and so has no index. The top folder of a namespace is ''.
-- Shows the current version of each file; older versions are in file_version and replica.
CREATE ALGORITHM = MERGE VIEW replica_location AS
SELECT ns.name                                                           AS namespace,
       fo.path                                                           AS folder,
       fi.name                                                           AS name,
       IF(fo.path = '', fi.name, CONCAT(fo.path, '/', fi.name))          AS path,
       ve.number                                                         AS version,
       bl.id                                                             AS blob_id,
       bl.size                                                           AS size,
       bl.sha256                                                         AS sha256,
       sn.name                                                           AS node,
       re.priority                                                       AS priority,
       IF(re.priority = 0, 'origin', 'replica')                          AS role,
       re.state                                                          AS state,
       re.verified_at                                                    AS verified_at,
       sn.status                                                         AS node_status,
       sn.public_url                                                     AS node_url
FROM namespace ns
JOIN folder fo ON fo.namespace_id = ns.id
JOIN file fi ON fi.folder_id = fo.id
-- Both sides of the pair, so that the join is as quick from the node's side as from the name's.
JOIN file_version ve ON ve.id = fi.version_id AND ve.file_id = fi.id
JOIN blob_ bl ON bl.id = ve.blob_id
JOIN replica re ON re.blob_id = bl.id
JOIN storage_node sn ON sn.id = re.node_id;

-- Which files have fewer verified copies than they should, and why?
-- wanted counts the origin; readable are those of the verified copies that lie on a running node.
-- Cost: one index range per file, so about 10 s per million files; quick with namespace, folder and name.
CREATE ALGORITHM = MERGE VIEW under_replicated AS
SELECT ns.name                                                           AS namespace,
       fo.path                                                           AS folder,
       fi.name                                                           AS name,
       IF(fo.path = '', fi.name, CONCAT(fo.path, '/', fi.name))          AS path,
       bl.id                                                             AS blob_id,
       bl.size                                                           AS size,
       ns.replica_count + 1                                              AS wanted,
       (SELECT COUNT(*) FROM replica re
         WHERE re.blob_id = bl.id AND re.state = 'VERIFIED')             AS verified,
       (SELECT COUNT(*) FROM replica re JOIN storage_node sn ON sn.id = re.node_id
         WHERE re.blob_id = bl.id AND re.state = 'VERIFIED' AND sn.status = 'RUNNING') AS readable,
       ns.replica_count + 1
         - (SELECT COUNT(*) FROM replica re
             WHERE re.blob_id = bl.id AND re.state = 'VERIFIED')         AS missing,
       (SELECT COUNT(*) FROM task ta
         WHERE ta.blob_id = bl.id AND ta.kind IN ('REPLICATE', 'VERIFY')
           AND ta.state IN ('QUEUED', 'RUNNING', 'WAITING'))             AS open_tasks,
       (SELECT ta.reason FROM task ta
         WHERE ta.blob_id = bl.id AND ta.kind IN ('REPLICATE', 'VERIFY') AND ta.reason IS NOT NULL
         ORDER BY ta.changed_at DESC, ta.id DESC LIMIT 1)                AS last_reason
FROM namespace ns
JOIN folder fo ON fo.namespace_id = ns.id
JOIN file fi ON fi.folder_id = fo.id
JOIN file_version ve ON ve.id = fi.version_id
JOIN blob_ bl ON bl.id = ve.blob_id
WHERE (SELECT COUNT(*) FROM replica re
        WHERE re.blob_id = bl.id AND re.state = 'VERIFIED') < ns.replica_count + 1;

-- How full is every node, and does it answer?
-- used_percent is the share of the disk that is not free, whoever fills it. copies counts verified ones.
-- Cost: one index entry per copy on the nodes asked for.
CREATE ALGORITHM = MERGE VIEW node_space AS
SELECT sn.name                                                           AS node,
       sn.zone                                                           AS zone,
       sn.status                                                         AS status,
       sn.admin_state                                                    AS admin_state,
       sn.capacity_bytes                                                 AS capacity_bytes,
       sn.used_bytes                                                     AS used_bytes,
       sn.free_bytes                                                     AS free_bytes,
       ROUND(100 * (sn.capacity_bytes - sn.free_bytes) / NULLIF(sn.capacity_bytes, 0), 1) AS used_percent,
       (SELECT COUNT(*) FROM replica re
         WHERE re.node_id = sn.id AND re.state = 'VERIFIED')             AS copies,
       sn.last_seen_at                                                   AS last_seen_at
FROM storage_node sn;

-- Which tasks were given up, and why? They wait for a person: mend the cause, then retry or cancel them.
-- Cost: one index entry per dead task.
CREATE ALGORITHM = MERGE VIEW dead_task AS
SELECT ta.id                                                             AS task_id,
       ta.kind                                                           AS kind,
       ta.path                                                           AS path,
       ta.blob_id                                                        AS blob_id,
       so.name                                                           AS source,
       tn.name                                                           AS target,
       ta.attempt                                                        AS attempts,
       at.outcome                                                        AS last_outcome,
       at.worker                                                         AS last_worker,
       ta.reason                                                         AS reason,
       ta.created_at                                                     AS created_at,
       ta.changed_at                                                     AS died_at
FROM task ta
JOIN storage_node tn ON tn.id = ta.target_node_id
LEFT JOIN storage_node so ON so.id = ta.source_node_id
LEFT JOIN task_attempt at ON at.task_id = ta.id AND at.attempt = ta.attempt
WHERE ta.state = 'DEAD';

-- How much does everybody keep?
-- bytes are those of the current versions, all_versions_bytes of these and the older ones, stored_bytes is what that
-- takes on all disks together. A file belongs to the owner of its namespace.
-- Each sum is a subquery of its own, so that a column that is not asked for costs nothing.
-- Cost: reads every file of the accounts asked for, about 5 s per million; stored_bytes every copy too, about a minute
-- and a half per million files. With user_name only that account's.
CREATE ALGORITHM = MERGE VIEW user_usage AS
SELECT ac.name                                                           AS user_name,
       ac.role                                                           AS role,
       (SELECT COUNT(*) FROM namespace ns WHERE ns.owner_id = ac.id)     AS namespaces,
       (SELECT COUNT(*) FROM namespace ns
          JOIN folder fo ON fo.namespace_id = ns.id
          JOIN file fi ON fi.folder_id = fo.id
         WHERE ns.owner_id = ac.id)                                      AS files,
       (SELECT COALESCE(SUM(bl.size), 0) FROM namespace ns
          JOIN folder fo ON fo.namespace_id = ns.id
          JOIN file fi ON fi.folder_id = fo.id
          JOIN file_version ve ON ve.id = fi.version_id
          JOIN blob_ bl ON bl.id = ve.blob_id
         WHERE ns.owner_id = ac.id)                                      AS bytes,
       (SELECT COALESCE(SUM(bl.size), 0) FROM namespace ns
          JOIN folder fo ON fo.namespace_id = ns.id
          JOIN file fi ON fi.folder_id = fo.id
          JOIN file_version ve ON ve.file_id = fi.id
          JOIN blob_ bl ON bl.id = ve.blob_id
         WHERE ns.owner_id = ac.id)                                      AS all_versions_bytes,
       (SELECT COALESCE(SUM(bl.size), 0) FROM namespace ns
          JOIN folder fo ON fo.namespace_id = ns.id
          JOIN file fi ON fi.folder_id = fo.id
          JOIN file_version ve ON ve.file_id = fi.id
          JOIN blob_ bl ON bl.id = ve.blob_id
          JOIN replica re ON re.blob_id = bl.id AND re.state = 'VERIFIED'
         WHERE ns.owner_id = ac.id)                                      AS stored_bytes
FROM account ac;
