-- What has been read from disk again, and what was found wrong.

-- Which copies were read again, when, how far is it, and what came of it? One row for a node that returned, for each
-- round of the continuous scrub on a node, and for each scrub that somebody asked for. Trimmed 90 days after its end.
CREATE TABLE copy_check (
  id           CHAR(26)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  kind         VARCHAR(16)   NOT NULL COMMENT 'RETURN: of a node that came back | SCRUB: continuous | DEMAND: somebody asked',
  node_id      BIGINT        NULL COMMENT 'NULL: all nodes',
  namespace    VARCHAR(64)   NULL COMMENT 'NULL: all namespaces',
  path         VARCHAR(4096) NULL COMMENT 'file or folder in the namespace; NULL: all of it',
  mode         VARCHAR(16)   NOT NULL COMMENT 'which copies are digested: FULL | SINCE_LAST_SEEN | SAMPLE',
  state        VARCHAR(16)   NOT NULL COMMENT 'WAITING | RUNNING | PASSED | FAILED | INTERRUPTED',
  phase        VARCHAR(16)   NOT NULL COMMENT 'CATCH_UP | INVENTORY | DIGESTS | HEAL',
  position     VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
                             COMMENT 'behind what another master would go on',
  copies_done  BIGINT        NOT NULL DEFAULT 0,
  copies_total BIGINT        NOT NULL DEFAULT 0 COMMENT 'as counted at the beginning',
  bytes_done   BIGINT        NOT NULL DEFAULT 0,
  bytes_total  BIGINT        NOT NULL DEFAULT 0,
  found        BIGINT        NOT NULL DEFAULT 0 COMMENT 'copies that were wrong, and files that should not be there',
  detail       VARCHAR(1000) NULL COMMENT 'what came of it, one sentence',
  started_at   DATETIME(6)   NOT NULL,
  updated_at   DATETIME(6)   NOT NULL,
  ended_at     DATETIME(6)   NULL,
  KEY copy_check_node (node_id, kind, id) COMMENT 'What did the checks of this node show?',
  KEY copy_check_state (state, kind, id) COMMENT 'Which checks are under way?',
  KEY copy_check_ended (ended_at) COMMENT 'Which checks can be trimmed?',
  CONSTRAINT copy_check_of_node FOREIGN KEY (node_id) REFERENCES storage_node (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- What exactly was wrong? The first thousand of a check.
CREATE TABLE check_finding (
  id       BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  check_id CHAR(26)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  node_id  BIGINT        NOT NULL,
  found_at DATETIME(6)   NOT NULL,
  what     VARCHAR(16)   NOT NULL COMMENT 'WRONG_BYTES | WRONG_SIZE | NO_SIDECAR | UNREADABLE | MISSING | UNKNOWN | STRANGER',
  name     VARCHAR(255)  NOT NULL COMMENT 'blob, or name of the file that is none',
  path     VARCHAR(4161) NULL COMMENT 'namespace/path of the file whose copy it is',
  KEY check_finding_check (check_id, id) COMMENT 'What did this check find?',
  CONSTRAINT check_finding_of_check FOREIGN KEY (check_id) REFERENCES copy_check (id) ON DELETE CASCADE,
  CONSTRAINT check_finding_node FOREIGN KEY (node_id) REFERENCES storage_node (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
