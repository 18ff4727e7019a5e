-- What is replaced is not lost: 10 older versions of each file are kept, unless somebody says otherwise.
ALTER TABLE namespace
  MODIFY COLUMN versions_kept INT NOT NULL DEFAULT 10 COMMENT 'older versions of each file, beside the current one';

-- Namespaces for which nobody has ever said it keep 10 as well. Their rows look like those where somebody chose 0;
-- the audit log knows, which has each change for 400 days unless configured otherwise.
UPDATE namespace n
  SET n.versions_kept = 10
  WHERE n.versions_kept = 0
    AND NOT EXISTS (SELECT 1 FROM audit_log a
                    WHERE a.object = n.name AND a.action IN ('namespaces.create', 'namespaces.change')
                      AND a.status < 300 AND a.at >= n.created_at
                      AND CONCAT(' ', a.detail, ' ') LIKE '% versionsKept=0 %');

-- How long is a node that is away expected back? One row, for the views below; the master that takes the lead writes there
-- what it is configured with (holdfast.heal.hold-off).
CREATE TABLE heal_terms (
  id               INT    NOT NULL PRIMARY KEY,
  hold_off_seconds BIGINT NOT NULL,
  CONSTRAINT heal_terms_one_row CHECK (id = 1)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
INSERT INTO heal_terms (id, hold_off_seconds) VALUES (1, 600);

-- What are the copies on each node worth at this moment? This is the rule of NodeView in SQL, for all views; a test compares
-- the two in all states. readable: clients are sent there. running: it is in service, too. here: it is in service, and
-- neither down nor failed, so that its copies count. awaited_until: it is away, or offline, and its copies count until then.
-- Cost: one row for each node.
CREATE ALGORITHM = MERGE VIEW node_copies AS
SELECT sn.id                                                             AS node_id,
       sn.name                                                           AS node,
       sn.status = 'RUNNING' AND sn.admin_state IN ('IN_SERVICE', 'DRAINING') AS readable,
       sn.status = 'RUNNING' AND sn.admin_state = 'IN_SERVICE'           AS running,
       sn.status NOT IN ('DOWN', 'FAILED') AND sn.admin_state = 'IN_SERVICE' AS here,
       CASE
         WHEN sn.admin_state NOT IN ('IN_SERVICE', 'OFFLINE') THEN NULL
         WHEN sn.admin_state = 'IN_SERVICE' AND sn.status NOT IN ('DOWN', 'FAILED') THEN NULL
         WHEN sn.admin_state = 'IN_SERVICE' THEN COALESCE(sn.away_since, sn.status_since)
         WHEN sn.status NOT IN ('DOWN', 'FAILED') THEN sn.admin_since
         ELSE LEAST(sn.admin_since, COALESCE(sn.away_since, sn.status_since))
       END + INTERVAL ht.hold_off_seconds SECOND                         AS awaited_until
FROM storage_node sn
JOIN heal_terms ht ON ht.id = 1;

-- Which files have fewer copies on running nodes than they should, and why?
-- Older versions that are kept have copies of their own, and a line of their own: is_current tells them apart.
-- wanted counts the origin. verified copies may lie anywhere; readable ones can be read this moment; running ones lie on
-- nodes that are in service, and are not to move elsewhere. missing are those that have to be made anew: what lies on nodes
-- that are expected back does not count as missing before heals_at. A node that is away for a moment hence shows here
-- at once, with nothing missing.
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
       (SELECT COUNT(*) FROM replica re JOIN node_copies nc ON nc.node_id = re.node_id
         WHERE re.blob_id = bl.id AND re.state = 'VERIFIED' AND nc.readable) AS readable,
       (SELECT COUNT(*) FROM replica re JOIN node_copies nc ON nc.node_id = re.node_id
         WHERE re.blob_id = bl.id AND re.state = 'VERIFIED' AND NOT re.leaving AND nc.running) AS running,
       GREATEST(0, CAST(ns.replica_count + 1 AS SIGNED)
         - (SELECT COUNT(*) FROM replica re JOIN node_copies nc ON nc.node_id = re.node_id
             WHERE re.blob_id = bl.id AND re.state = 'VERIFIED' AND NOT re.leaving
               AND (nc.here OR nc.awaited_until > UTC_TIMESTAMP(6))))     AS missing,
       (SELECT MIN(nc.awaited_until) FROM replica re JOIN node_copies nc ON nc.node_id = re.node_id
         WHERE re.blob_id = bl.id AND re.state = 'VERIFIED' AND NOT re.leaving
           AND nc.awaited_until > UTC_TIMESTAMP(6))                      AS heals_at,
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
WHERE (SELECT COUNT(*) FROM replica re JOIN node_copies nc ON nc.node_id = re.node_id
        WHERE re.blob_id = bl.id AND re.state = 'VERIFIED' AND NOT re.leaving AND nc.running) < ns.replica_count + 1;
