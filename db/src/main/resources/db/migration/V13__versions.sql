-- Versions: how many older versions of each file a namespace keeps beside the current one.

ALTER TABLE namespace
  ADD COLUMN versions_kept INT NOT NULL DEFAULT 0 COMMENT 'older versions of each file, beside the current one',
  ADD CONSTRAINT namespace_versions CHECK (versions_kept BETWEEN 0 AND 1000);

-- Older versions take room, so they count. Masters have kept none so far; rows of other origin are counted here.
ALTER TABLE namespace_usage
  MODIFY COLUMN bytes BIGINT NOT NULL COMMENT 'of all versions that are kept, each once';
ALTER TABLE account_usage
  MODIFY COLUMN bytes BIGINT NOT NULL COMMENT 'of all versions that are kept, each once';
UPDATE namespace_usage u
  JOIN (SELECT d.namespace_id, SUM(b.size) AS bytes
        FROM file_version v
        JOIN file f ON f.id = v.file_id AND f.version_id <> v.id
        JOIN folder d ON d.id = f.folder_id
        JOIN blob_ b ON b.id = v.blob_id
        GROUP BY d.namespace_id) older ON older.namespace_id = u.namespace_id
  SET u.bytes = u.bytes + older.bytes;
UPDATE account_usage u
  JOIN (SELECT n.owner_id, SUM(k.bytes) AS bytes
        FROM namespace n JOIN namespace_usage k ON k.namespace_id = n.id
        GROUP BY n.owner_id) owned ON owned.owner_id = u.account_id
  SET u.bytes = owned.bytes;

ALTER TABLE change_log
  MODIFY COLUMN kind VARCHAR(16) NOT NULL
  COMMENT 'PUT | RESTORE | DROP_VERSION | DELETE | MOVE | MAKE_FOLDER | DELETE_FOLDER';

-- A walk over a namespace now remembers the key of a version instead of a file's.
UPDATE walk SET position = '' WHERE kind = 'NAMESPACE';

-- Which files have fewer good copies than they should, and why?
-- Older versions that are kept have copies of their own, and a line of their own: is_current tells them apart.
-- wanted counts the origin. verified copies may lie anywhere; a good one is verified, lies on a node that is in service and
-- neither down nor failed, and is not to move elsewhere; readable ones can be read this moment. A node that is away for a
-- moment hence shows here at once; its copies are made again after the hold-off only (holdfast.heal.hold-off).
-- Cost: one index range per version, so about 10 s per million; quick with namespace, folder and name.
CREATE OR REPLACE ALGORITHM = MERGE VIEW under_replicated AS
SELECT ns.name                                                           AS namespace,
       fo.path                                                           AS folder,
       fi.name                                                           AS name,
       IF(fo.path = '', fi.name, CONCAT(fo.path, '/', fi.name))          AS path,
       ve.number                                                         AS version,
       ve.id = fi.version_id                                             AS is_current,
       bl.id                                                             AS blob_id,
       bl.size                                                           AS size,
       ns.replica_count + 1                                              AS wanted,
       (SELECT COUNT(*) FROM replica re
         WHERE re.blob_id = bl.id AND re.state = 'VERIFIED')             AS verified,
       (SELECT COUNT(*) FROM replica re JOIN storage_node sn ON sn.id = re.node_id
         WHERE re.blob_id = bl.id AND re.state = 'VERIFIED' AND sn.status = 'RUNNING'
           AND sn.admin_state IN ('IN_SERVICE', 'DRAINING'))             AS readable,
       CAST(ns.replica_count + 1 AS SIGNED)
         - (SELECT COUNT(*) FROM replica re JOIN storage_node sn ON sn.id = re.node_id
             WHERE re.blob_id = bl.id AND re.state = 'VERIFIED' AND NOT re.leaving
               AND sn.admin_state = 'IN_SERVICE' AND sn.status NOT IN ('DOWN', 'FAILED')) AS missing,
       (SELECT COUNT(*) FROM task ta
         WHERE ta.blob_id = bl.id AND ta.kind IN ('REPLICATE', 'VERIFY')
           AND ta.state IN ('QUEUED', 'RUNNING', 'WAITING'))             AS open_tasks,
       (SELECT ta.reason FROM task ta
         WHERE ta.blob_id = bl.id AND ta.kind IN ('REPLICATE', 'VERIFY') AND ta.reason IS NOT NULL
         ORDER BY ta.changed_at DESC, ta.id DESC LIMIT 1)                AS last_reason
FROM namespace ns
JOIN folder fo ON fo.namespace_id = ns.id
JOIN file fi ON fi.folder_id = fo.id
JOIN file_version ve ON ve.file_id = fi.id
JOIN blob_ bl ON bl.id = ve.blob_id
WHERE (SELECT COUNT(*) FROM replica re JOIN storage_node sn ON sn.id = re.node_id
        WHERE re.blob_id = bl.id AND re.state = 'VERIFIED' AND NOT re.leaving
          AND sn.admin_state = 'IN_SERVICE' AND sn.status NOT IN ('DOWN', 'FAILED')) < ns.replica_count + 1;
