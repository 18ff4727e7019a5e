-- The life of nodes: who leads, what happened to each node, what its returning or scrubbed copies have proved.

-- What does the cluster know of a node beyond its two states?
ALTER TABLE storage_node
  ADD COLUMN host            VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'failure domain within the zone' AFTER zone,
  ADD COLUMN boot_id         VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
                             COMMENT 'made at each start of the process: another one means that it was away' AFTER disk_uuid,
  ADD COLUMN status_since    DATETIME(6)  NULL COMMENT 'when status was last changed' AFTER status,
  ADD COLUMN status_reason   VARCHAR(500) NULL COMMENT 'why the status is not RUNNING' AFTER status_since,
  ADD COLUMN admin_since     DATETIME(6)  NULL COMMENT 'when admin_state was last changed' AFTER admin_state,
  ADD COLUMN heal            VARCHAR(16)  NULL COMMENT 'AUTO | MANUAL, how bad copies of a returning node are mended; NULL: as configured',
  ADD COLUMN bandwidth_bytes BIGINT       NULL COMMENT 'most bytes per second of copying from and to it; NULL: no cap';
UPDATE storage_node SET status_since = COALESCE(last_seen_at, joined_at), admin_since = joined_at;

-- What happened to this node, when, and why? Trimmed after 90 days.
CREATE TABLE node_event (
  id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at         DATETIME(6)  NOT NULL,
  node_id    BIGINT       NULL COMMENT 'NULL: it concerns the whole cluster',
  kind       VARCHAR(32)  NOT NULL COMMENT 'STATUS | ADMIN | LEADER | IDENTITY | CHECK | COPY | …',
  was        VARCHAR(32)  NULL COMMENT 'state before',
  becomes    VARCHAR(32)  NULL COMMENT 'state after',
  detail     VARCHAR(1000) NOT NULL COMMENT 'one sentence for people',
  account_id BIGINT       NULL COMMENT 'who wanted it; NULL: the cluster itself',
  KEY node_event_node (node_id, id) COMMENT 'What happened to this node?',
  KEY node_event_at (at) COMMENT 'Which events can be trimmed?',
  CONSTRAINT node_event_of_node FOREIGN KEY (node_id) REFERENCES storage_node (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- In which order do nodes apply the changes? id is given before the commit and may become visible out of order; seq is
-- given to committed rows by the leader, without gaps.
ALTER TABLE change_log
  ADD COLUMN seq             BIGINT   NULL COMMENT 'NULL: committed or not, not numbered yet' AFTER id,
  ADD COLUMN dropped_blob_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL
                             COMMENT 'the bytes that lost their name: of a deleted file, of the version that was replaced',
  ADD CONSTRAINT change_log_seq UNIQUE (seq) COMMENT 'What came after this number? Which rows have none?',
  ADD KEY change_log_at (changed_at) COMMENT 'Which changes can be trimmed?';

-- Which copies are to go elsewhere (rebalance)? They do not count as copies, but are read until enough others are verified.
-- Which copies were verified longest ago (scrub)?
ALTER TABLE replica
  ADD COLUMN leaving BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'to be dropped when enough others are verified',
  ADD KEY replica_by_age (node_id, verified_at) COMMENT 'Which copies on this disk were verified longest ago?';

-- Which master leads? Nobody yet.
INSERT INTO lease (name, holder, token, expires_at) VALUES ('leader', '', 0, '2000-01-01 00:00:00');
