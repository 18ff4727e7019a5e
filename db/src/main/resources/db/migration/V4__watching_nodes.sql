-- What the leading master notes while it watches the nodes.

-- Since when has a node not been usable, through all the states that it went through meanwhile? A node that crashes
-- again and again is away all the time.
ALTER TABLE storage_node
  ADD COLUMN away_since DATETIME(6) NULL COMMENT 'when it was last RUNNING; NULL while it is RUNNING or new' AFTER status_since;
UPDATE storage_node SET away_since = status_since WHERE status <> 'RUNNING' AND status <> 'JOINING';

-- How full was this node, and how quickly did it answer, at that time? One row each 10 s, after a day one each 5 minutes,
-- after 30 days one each hour, gone after a year.
CREATE TABLE node_sample (
  node_id         BIGINT      NOT NULL,
  span_seconds    INT         NOT NULL COMMENT '10 | 300 | 3600: how much time the row stands for',
  at              DATETIME(6) NOT NULL COMMENT 'begin of that time',
  capacity_bytes  BIGINT      NOT NULL,
  used_bytes      BIGINT      NOT NULL COMMENT 'mean',
  free_bytes      BIGINT      NOT NULL COMMENT 'mean',
  ping_micros     BIGINT      NULL COMMENT 'mean time until it answered a heartbeat; NULL: it did not answer',
  max_ping_micros BIGINT      NULL,
  PRIMARY KEY (node_id, span_seconds, at),
  KEY node_sample_age (span_seconds, at) COMMENT 'Which samples can be rolled up or trimmed?',
  CONSTRAINT node_sample_node FOREIGN KEY (node_id) REFERENCES storage_node (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
