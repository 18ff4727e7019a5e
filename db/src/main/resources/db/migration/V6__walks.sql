-- Copies on the move: what is looked through to keep every file's copies in line with what is wanted.

-- Which copies are looked through, why, and how far? A walk goes on where it was when another master leads. A page is
-- looked through and its walk moved on in one transaction.
CREATE TABLE walk (
  kind          VARCHAR(16) NOT NULL COMMENT 'LEAVING, RETURNED: the copies on a node | NAMESPACE: its files | ALL: all blobs',
  subject_id    BIGINT      NOT NULL COMMENT 'of the node or the namespace; 0 for ALL',
  stage         INT         NOT NULL COMMENT 'LEAVING: 0 looks for last copies, then one stage for each state of a copy',
  position      VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what was looked at last; empty at the beginning',
  looked        BIGINT      NOT NULL COMMENT 'blobs looked at in this pass',
  planned       BIGINT      NOT NULL COMMENT 'copies planned in this pass',
  dropped       BIGINT      NOT NULL COMMENT 'copies given up in this pass',
  without_place BIGINT      NOT NULL COMMENT 'copies in this pass that are missing and have no node to go to',
  blocked       BIGINT      NOT NULL COMMENT 'without_place of the last whole pass',
  began_at      DATETIME(6) NOT NULL COMMENT 'beginning of this pass',
  next_at       DATETIME(6) NOT NULL COMMENT 'when the next page is due',
  PRIMARY KEY (kind, subject_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
INSERT INTO walk (kind, subject_id, stage, position, looked, planned, dropped, without_place, blocked, began_at, next_at)
VALUES ('ALL', 0, 0, '', 0, 0, 0, 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6));

-- From which node to which other one are copies moved so that all are equally full, and how far has that come?
-- The rows are there as long as the nodes are being balanced.
CREATE TABLE rebalance_move (
  from_node_id BIGINT      NOT NULL,
  to_node_id   BIGINT      NOT NULL,
  bytes        BIGINT      NOT NULL COMMENT 'to be moved',
  bytes_begun  BIGINT      NOT NULL COMMENT 'moved, or on the way',
  copies_begun BIGINT      NOT NULL,
  position     CHAR(26)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'blob that was looked at last; empty at the beginning',
  done         BOOLEAN     NOT NULL COMMENT 'nothing more is begun',
  began_at     DATETIME(6) NOT NULL,
  PRIMARY KEY (from_node_id, to_node_id),
  CONSTRAINT rebalance_from FOREIGN KEY (from_node_id) REFERENCES storage_node (id),
  CONSTRAINT rebalance_to FOREIGN KEY (to_node_id) REFERENCES storage_node (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Which copies are on the move?
ALTER TABLE replica ADD KEY replica_leaving (leaving, node_id) COMMENT 'Which copies are to go elsewhere?';

-- Which files have fewer good copies than they should, and why?
-- wanted counts the origin. verified copies may lie anywhere; a good one is verified, lies on a node that is in service and
-- neither down nor failed, and is not to move elsewhere; readable ones can be read this moment. A node that is away for a
-- moment hence shows here at once; its copies are made again after the hold-off only (holdfast.heal.hold-off).
-- Cost: one index range per file, so about 10 s per million files; quick with namespace, folder and name.
CREATE OR REPLACE ALGORITHM = MERGE VIEW under_replicated AS
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
JOIN file_version ve ON ve.id = fi.version_id
JOIN blob_ bl ON bl.id = ve.blob_id
WHERE (SELECT COUNT(*) FROM replica re JOIN storage_node sn ON sn.id = re.node_id
        WHERE re.blob_id = bl.id AND re.state = 'VERIFIED' AND NOT re.leaving
          AND sn.admin_state = 'IN_SERVICE' AND sn.status NOT IN ('DOWN', 'FAILED')) < ns.replica_count + 1;
