-- The catalog: who keeps which files, where every copy of every byte is, and what is still to be done.
-- Conventions: names compare byte by byte (utf8mb4_nopad_bin: 'a' and 'a ' differ); times are UTC with microseconds;
-- digests are lower-case hexadecimal text, so that an administrator can compare them with sha256sum's output.

-- Who may sign in? Read by name at each sign-in.
CREATE TABLE account (
  id            BIGINT       NOT NULL PRIMARY KEY,
  name          VARCHAR(190) NOT NULL,
  password_hash VARCHAR(255) NOT NULL COMMENT 'Argon2id, PHC string',
  role          VARCHAR(16)  NOT NULL COMMENT 'user | administrator',
  created_at    DATETIME(6)  NOT NULL,
  CONSTRAINT account_name UNIQUE (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE SEQUENCE account_seq START WITH 50 INCREMENT BY 50 ENGINE = InnoDB;

-- Whose bearer token is this, and until when? The token itself is not kept, only its SHA-256.
CREATE TABLE session (
  token_sha256 CHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  account_id   BIGINT      NOT NULL,
  created_at   DATETIME(6) NOT NULL,
  expires_at   DATETIME(6) NOT NULL,
  KEY session_expiry (expires_at) COMMENT 'Which sessions can be swept away?',
  CONSTRAINT session_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Which namespaces are there, whose are they, and how are their files kept?
CREATE TABLE namespace (
  id            BIGINT      NOT NULL PRIMARY KEY,
  name          VARCHAR(64) NOT NULL,
  owner_id      BIGINT      NOT NULL,
  replica_count INT         NOT NULL COMMENT 'wanted copies besides the origin',
  placement     VARCHAR(16) NOT NULL COMMENT 'RANDOM | HASH',
  durability    INT         NOT NULL COMMENT 'fsynced copies before a put is acknowledged',
  created_at    DATETIME(6) NOT NULL,
  CONSTRAINT namespace_name UNIQUE (name),
  CONSTRAINT namespace_owner FOREIGN KEY (owner_id) REFERENCES account (id),
  CONSTRAINT namespace_replicas CHECK (replica_count BETWEEN 0 AND 15),
  CONSTRAINT namespace_durability CHECK (durability BETWEEN 1 AND 16)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE SEQUENCE namespace_seq START WITH 50 INCREMENT BY 50 ENGINE = InnoDB;

-- Which folder is at this path? Answered by one point look-up, however deep it lies: path_sha256 is the key, since the
-- path itself is longer than InnoDB's keys may be. Every namespace has one root folder, with the empty path.
CREATE TABLE folder (
  id           BIGINT        NOT NULL PRIMARY KEY,
  namespace_id BIGINT        NOT NULL,
  parent_id    BIGINT        NULL COMMENT 'NULL for the root',
  name         VARCHAR(255)  NOT NULL COMMENT 'empty for the root',
  path         VARCHAR(4096) NOT NULL COMMENT 'names joined by /, without leading slash',
  path_sha256  CHAR(64)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of the path in UTF-8',
  created_at   DATETIME(6)   NOT NULL,
  CONSTRAINT folder_path UNIQUE (namespace_id, path_sha256),
  CONSTRAINT folder_name UNIQUE (parent_id, name) COMMENT 'Which folders are in this folder, in order of name?',
  KEY folder_by_path (namespace_id, path(190)) COMMENT 'What is below this path? (moves, queries by path)',
  CONSTRAINT folder_namespace FOREIGN KEY (namespace_id) REFERENCES namespace (id),
  CONSTRAINT folder_parent FOREIGN KEY (parent_id) REFERENCES folder (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE SEQUENCE folder_seq START WITH 50 INCREMENT BY 50 ENGINE = InnoDB;

-- Which bytes are there? (blob is a reserved word, hence the underscore.) A row is never changed: other bytes are another blob.
CREATE TABLE blob_ (
  id         CHAR(26)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  size       BIGINT       NOT NULL,
  md5        CHAR(32)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sha256     CHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sha1       CHAR(40)     CHARACTER SET ascii COLLATE ascii_bin NULL,
  sha3_256   CHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(6)  NOT NULL,
  KEY blob_sha256 (sha256) COMMENT 'Which blobs have this digest?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Which file has this name in this folder?
CREATE TABLE file (
  id          BIGINT       NOT NULL PRIMARY KEY,
  folder_id   BIGINT       NOT NULL,
  name        VARCHAR(255) NOT NULL,
  version_id  BIGINT       NOT NULL COMMENT 'the current version',
  created_at  DATETIME(6)  NOT NULL,
  CONSTRAINT file_name UNIQUE (folder_id, name) COMMENT 'Which files are in this folder, in order of name?',
  CONSTRAINT file_folder FOREIGN KEY (folder_id) REFERENCES folder (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE SEQUENCE file_seq START WITH 50 INCREMENT BY 50 ENGINE = InnoDB;

-- Which bytes did this file have when?
CREATE TABLE file_version (
  id           BIGINT       NOT NULL PRIMARY KEY,
  file_id      BIGINT       NOT NULL,
  number       INT          NOT NULL COMMENT '1, 2, 3 … within the file',
  blob_id      CHAR(26)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content_type VARCHAR(255) NOT NULL,
  account_id   BIGINT       NOT NULL COMMENT 'who put it',
  created_at   DATETIME(6)  NOT NULL,
  CONSTRAINT file_version_number UNIQUE (file_id, number),
  CONSTRAINT file_version_blob UNIQUE (blob_id) COMMENT 'Which file do these bytes belong to?',
  CONSTRAINT file_version_file FOREIGN KEY (file_id) REFERENCES file (id) ON DELETE CASCADE,
  CONSTRAINT file_version_of_blob FOREIGN KEY (blob_id) REFERENCES blob_ (id),
  CONSTRAINT file_version_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE SEQUENCE file_version_seq START WITH 50 INCREMENT BY 50 ENGINE = InnoDB;

-- Which machines keep bytes, where do they answer, and how much room have they?
CREATE TABLE storage_node (
  id             BIGINT       NOT NULL PRIMARY KEY,
  name           VARCHAR(64)  NOT NULL,
  url            VARCHAR(512) NOT NULL COMMENT 'for members of the cluster',
  public_url     VARCHAR(512) NOT NULL COMMENT 'for clients',
  zone           VARCHAR(64)  NOT NULL COMMENT 'failure domain',
  disk_uuid      CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'identity of its data directory',
  admin_state    VARCHAR(16)  NOT NULL COMMENT 'what a person wants: IN_SERVICE | DRAINING | OFFLINE | REMOVED',
  status         VARCHAR(16)  NOT NULL COMMENT 'what the cluster sees: JOINING | RUNNING | DOWN | VERIFYING | FAILED',
  capacity_bytes BIGINT       NOT NULL,
  used_bytes     BIGINT       NOT NULL,
  free_bytes     BIGINT       NOT NULL,
  applied_seq    BIGINT       NOT NULL COMMENT 'last change_log entry it has applied',
  joined_at      DATETIME(6)  NOT NULL,
  last_seen_at   DATETIME(6)  NULL COMMENT 'last answered heartbeat that was recorded',
  CONSTRAINT storage_node_name UNIQUE (name),
  CONSTRAINT storage_node_disk UNIQUE (disk_uuid)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE SEQUENCE storage_node_seq START WITH 50 INCREMENT BY 50 ENGINE = InnoDB;

-- Where are the copies of these bytes, and which of them are good?
CREATE TABLE replica (
  blob_id     CHAR(26)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  node_id     BIGINT      NOT NULL,
  priority    INT         NOT NULL COMMENT '0 is the origin, then 1, 2, … in the order in which they are read',
  state       VARCHAR(16) NOT NULL COMMENT 'PLANNED | COPYING | VERIFIED | SUSPECT | CORRUPT | LOST | DELETING',
  verified_at DATETIME(6) NULL COMMENT 'when its digests were last computed from disk and were right',
  changed_at  DATETIME(6) NOT NULL,
  PRIMARY KEY (blob_id, node_id),
  KEY replica_by_node (node_id, state) COMMENT 'What was on this disk?',
  KEY replica_by_state (state) COMMENT 'Which copies are not verified yet?',
  CONSTRAINT replica_blob FOREIGN KEY (blob_id) REFERENCES blob_ (id),
  CONSTRAINT replica_node FOREIGN KEY (node_id) REFERENCES storage_node (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- What is to be done, and why is it not done yet? The outbox: a row is written in the transaction that makes the work
-- necessary; the broker only carries it.
CREATE TABLE task (
  id             CHAR(26)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  kind           VARCHAR(16)   NOT NULL COMMENT 'REPLICATE | DELETE | VERIFY',
  state          VARCHAR(16)   NOT NULL COMMENT 'QUEUED | RUNNING | WAITING | DONE | DEAD | CANCELLED',
  urgency        INT           NOT NULL COMMENT '0 last copy left, 1 normal, 2 background',
  blob_id        CHAR(26)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_node_id BIGINT        NULL COMMENT 'holder that the current attempt reads from',
  target_node_id BIGINT        NOT NULL COMMENT 'node that the current attempt writes to or deletes from',
  path           VARCHAR(4161) NOT NULL COMMENT 'namespace/path of the file when the task was made',
  attempt        INT           NOT NULL COMMENT 'number of the current or next attempt, from 1',
  first_attempt  INT           NOT NULL COMMENT 'from where the limit of attempts counts; moved by a retry by hand',
  not_before     DATETIME(6)   NOT NULL COMMENT 'when the current attempt is due',
  sent_at        DATETIME(6)   NULL COMMENT 'when the current attempt was given to the broker',
  reason         VARCHAR(500)  NULL COMMENT 'what came back last',
  created_at     DATETIME(6)   NOT NULL,
  changed_at     DATETIME(6)   NOT NULL,
  KEY task_due (state, sent_at, urgency, not_before) COMMENT 'What must be sent to the broker next?',
  KEY task_blob (blob_id, kind, state) COMMENT 'What is being done about these bytes?',
  KEY task_target (target_node_id, state) COMMENT 'What is waiting for this node?',
  KEY task_changed (state, changed_at) COMMENT 'Which finished tasks can be trimmed?',
  CONSTRAINT task_source FOREIGN KEY (source_node_id) REFERENCES storage_node (id),
  CONSTRAINT task_target_node FOREIGN KEY (target_node_id) REFERENCES storage_node (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- What happened at each attempt?
CREATE TABLE task_attempt (
  task_id        CHAR(26)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt        INT          NOT NULL,
  worker         VARCHAR(64)  NOT NULL,
  source_node_id BIGINT       NULL,
  target_node_id BIGINT       NOT NULL,
  outcome        VARCHAR(32)  NOT NULL COMMENT 'condition, with side and HTTP status: HTTP_TARGET_507',
  detail         VARCHAR(500) NOT NULL,
  bytes          BIGINT       NOT NULL,
  started_at     DATETIME(6)  NOT NULL,
  ended_at       DATETIME(6)  NOT NULL,
  PRIMARY KEY (task_id, attempt),
  CONSTRAINT task_attempt_task FOREIGN KEY (task_id) REFERENCES task (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- What has changed, in which order? A node that was away learns here what it missed.
CREATE TABLE change_log (
  id         BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  kind       VARCHAR(16)   NOT NULL COMMENT 'PUT | DELETE | MOVE | MAKE_FOLDER | DELETE_FOLDER',
  path       VARCHAR(4161) NOT NULL COMMENT 'namespace/path',
  blob_id    CHAR(26)      CHARACTER SET ascii COLLATE ascii_bin NULL,
  account_id BIGINT        NOT NULL,
  changed_at DATETIME(6)   NOT NULL,
  CONSTRAINT change_log_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Who does what only one member may do at a time? Expiry is by the database's clock; the token fences off a late holder.
CREATE TABLE lease (
  name       VARCHAR(64)  NOT NULL PRIMARY KEY,
  holder     VARCHAR(190) NOT NULL,
  token      BIGINT       NOT NULL COMMENT 'grows with every change of holder',
  expires_at DATETIME(6)  NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
