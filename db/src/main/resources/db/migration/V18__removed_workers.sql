-- Workers come and go without a row of theirs: the certificate says who they are, and the broker what there is to do.

-- Which worker's certificates are refused, because they were made before it was removed? A few rows, read as a whole.
CREATE TABLE removed_worker (
  name       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as in its certificate',
  removed_at DATETIME(6) NOT NULL COMMENT 'what was made out to it later is good',
  removed_by BIGINT      NOT NULL COMMENT 'account that wanted it, which may be gone',
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
