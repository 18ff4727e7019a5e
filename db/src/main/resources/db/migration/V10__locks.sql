-- Locks: whoever changes a name holds a lock on it, which all masters see.

-- What tells one holder of a lock from the next? Grows with every new holder of any lock.
CREATE SEQUENCE file_lock_seq START WITH 1 INCREMENT BY 1 CACHE 1000 ENGINE = InnoDB;

-- Who changes this name at the moment, or has reserved it, and until when? One row for each name, whether there is a
-- file or not: its key decides between two that come at once. Expiry is by the database's clock. A row whose time is
-- over is as if it were not there; it is kept for a while all the same, because its writer may still commit as long as
-- nobody else came. Whoever comes takes the row with a new token, or removes it, and so fences off the late writer.
-- Neither accounts nor expiry have an index: there are as many rows as transfers under way and locks that people hold.
CREATE TABLE file_lock (
  namespace_id BIGINT        NOT NULL,
  path_sha256  CHAR(64)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of the path in UTF-8',
  path         VARCHAR(4096) NOT NULL COMMENT 'of the file within its namespace',
  token        BIGINT        NOT NULL COMMENT 'fencing number: a put commits with the one that its ticket tells',
  account_id   BIGINT        NOT NULL COMMENT 'who holds it',
  kind         VARCHAR(16)   NOT NULL COMMENT 'TRANSFER: a put is under way | EXPLICIT: somebody asked for it',
  writer       VARCHAR(64)   NOT NULL COMMENT 'which of the puts of that account; a put that is tried again has the same',
  acquired_at  DATETIME(6)   NOT NULL,
  expires_at   DATETIME(6)   NOT NULL,
  PRIMARY KEY (namespace_id, path_sha256),
  CONSTRAINT file_lock_by_token UNIQUE (token) COMMENT 'Whose transfer is still running?',
  CONSTRAINT file_lock_in FOREIGN KEY (namespace_id) REFERENCES namespace (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
