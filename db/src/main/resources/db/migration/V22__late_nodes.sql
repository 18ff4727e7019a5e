-- A node that answers late is no node that is gone; one that was silent and is the same process still has what it had.
ALTER TABLE storage_node
  ADD COLUMN late_since     DATETIME(6) NULL COMMENT 'since when it runs and answers late; NULL: it answers in time' AFTER away_since,
  ADD COLUMN proved_boot_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
                            COMMENT 'boot_id of the process that has proved what it holds; NULL: it has to, or has failed' AFTER boot_id;
