-- Who did what, when, from where, and what came of it?

-- Masters write what they answer; nodes hand over what they sent and took in. One row for each record, however often it
-- is handed over. No foreign keys: a record outlives whatever it speaks of, and never waits for somebody who changes it.
CREATE TABLE audit_log (
  id         BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'What came last? Pages go backwards by it.',
  record     CHAR(26)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'given by the component that made it',
  at         DATETIME(6)   NOT NULL COMMENT 'when the request had been answered',
  component  VARCHAR(64)   NOT NULL COMMENT 'm1, sn2',
  account_id BIGINT        NULL COMMENT 'NULL: nobody who has an account, or nobody knows whether',
  actor      VARCHAR(190)  NOT NULL COMMENT 'name of the account; of a refused sign-in the name that was told',
  via        VARCHAR(16)   NOT NULL COMMENT 'PASSWORD | SESSION | CERTIFICATE | TICKET | LINK | CLUSTER | NOBODY',
  address    VARCHAR(64)   NOT NULL COMMENT 'of the other end of the connection',
  action     VARCHAR(48)   NOT NULL COMMENT 'files.get, users.create, …',
  object     VARCHAR(4200) NOT NULL COMMENT 'namespace/path, or the name of what it is about',
  detail     VARCHAR(400)  NULL COMMENT 'what else there is to know: where to, which role',
  status     SMALLINT      NOT NULL COMMENT 'of HTTP',
  code       VARCHAR(64)   NULL COMMENT 'of the failure',
  bytes      BIGINT        NULL COMMENT 'of the file that this component carried',
  millis     INT           NOT NULL,
  CONSTRAINT audit_log_record UNIQUE (record) COMMENT 'Has this been handed over already?',
  KEY audit_log_at (at) COMMENT 'What happened in these hours? What is old enough to be forgotten?',
  KEY audit_log_actor (actor) COMMENT 'What has this account done?',
  KEY audit_log_object (object(190)) COMMENT 'Who has touched this file, or what is below this folder?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
