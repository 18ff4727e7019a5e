-- The task desk: how far a transfer is, what a person has stopped, and what is to be sent again.

-- How far is the attempt that is under way? How often was it sent?
ALTER TABLE task
  ADD COLUMN resent           INT         NOT NULL DEFAULT 0
                              COMMENT 'how often the current attempt was sent again after silence; part of the broker\'s duplicate id'
                              AFTER sent_at,
  ADD COLUMN worker           VARCHAR(64) NULL COMMENT 'who is at it, as last told' AFTER resent,
  ADD COLUMN bytes_done       BIGINT      NULL COMMENT 'moved so far, as last told' AFTER worker,
  ADD COLUMN bytes_total      BIGINT      NULL AFTER bytes_done,
  ADD COLUMN bytes_per_second BIGINT      NULL AFTER bytes_total,
  ADD COLUMN progress_at      DATETIME(6) NULL COMMENT 'when it was last told' AFTER bytes_per_second,
  MODIFY COLUMN state         VARCHAR(16) NOT NULL
                              COMMENT 'QUEUED | RUNNING | WAITING | DONE | DEAD | CANCELLED | DISMISSED',
  ADD KEY task_path (path(190)) COMMENT 'What is being done about this file, folder or namespace?';

-- Which work is not to be begun, until a person says otherwise? Read by every claim, so all masters obey at once.
CREATE TABLE task_pause (
  kind       VARCHAR(16)  NOT NULL PRIMARY KEY COMMENT 'REPLICATE | DELETE | VERIFY | ALL',
  account_id BIGINT       NOT NULL COMMENT 'who stopped it',
  reason     VARCHAR(500) NOT NULL COMMENT 'why; may be empty',
  paused_at  DATETIME(6)  NOT NULL,
  CONSTRAINT task_pause_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Whose turn is it to hand tasks to the broker? The row is locked for the moment of a claim, so that masters that claim
-- at the same time don't exceed together what each of them may.
INSERT INTO lease (name, holder, token, expires_at) VALUES ('dispatch', '', 0, '2000-01-01 00:00:00');
