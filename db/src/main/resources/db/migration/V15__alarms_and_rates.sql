-- What the console shows beside files: how busy nodes are, and what somebody should look at.

-- How much did clients put to and get from this node at that time? The copying of workers is not in it.
ALTER TABLE node_sample
  ADD COLUMN puts      BIGINT NULL COMMENT 'uploads begun; NULL, as the next three: the node did not tell',
  ADD COLUMN gets      BIGINT NULL COMMENT 'downloads begun, parts of files among them',
  ADD COLUMN put_bytes BIGINT NULL,
  ADD COLUMN get_bytes BIGINT NULL;

-- What is wrong, since when, and have the administrators been told? Written by the leader only. A row whose trouble has
-- not lasted long enough is not raised: nobody is told, and it goes without a word. A few rows, read as a whole.
CREATE TABLE alarm (
  code       VARCHAR(32)   NOT NULL COMMENT 'dead-tasks | node-failed | node-down | space | …',
  subject    VARCHAR(64)   NOT NULL COMMENT 'what it is about: a node, a master, or the part of the cluster',
  severity   VARCHAR(16)   NOT NULL COMMENT 'WARNING | CRITICAL',
  sentence   VARCHAR(1000) NOT NULL COMMENT 'what is wrong, and what to do',
  since      DATETIME(6)   NOT NULL COMMENT 'when it was first seen',
  gone_at    DATETIME(6)   NULL COMMENT 'since when it is not seen any more; over when that is a while ago',
  raised     BOOLEAN       NOT NULL COMMENT 'whether it is shown, and was mailed',
  changed_at DATETIME(6)   NOT NULL COMMENT 'when anything of this row last changed',
  PRIMARY KEY (code, subject)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
