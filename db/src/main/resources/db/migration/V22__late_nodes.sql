-- A node that answers late is no node that is gone; one that was silent and is the same process still has what it had.
ALTER TABLE storage_node
  ADD COLUMN late_since     DATETIME(6) NULL COMMENT 'since when it runs and answers late; NULL: it answers in time' AFTER away_since,
  ADD COLUMN proved_boot_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
                            COMMENT 'boot_id of the process that has proved what it holds; NULL: it has to, or has failed' AFTER boot_id;

-- Which nodes have applied changes that the catalog does not have, since it was restored from an older state? While a row is
-- here, blobs on nodes that the catalog does not know are kept. An administrator deletes the rows; few, read as a whole.
CREATE TABLE catalog_gap (
  id         BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  node_id    BIGINT      NOT NULL,
  noticed_at DATETIME(6) NOT NULL,
  first_seq  BIGINT      NOT NULL COMMENT 'number of the first change that the catalog lacks',
  last_seq   BIGINT      NOT NULL COMMENT 'number of the last change that the node had applied',
  CONSTRAINT catalog_gap_node FOREIGN KEY (node_id) REFERENCES storage_node (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
