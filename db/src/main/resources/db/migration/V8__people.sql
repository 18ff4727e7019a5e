-- People: who may sign in from when to when, how sign-ins end early, how guessing is slowed down, what mails are still
-- to be sent, and how much everybody keeps and may keep.

-- What does the cluster know of an account beyond its name and password? A deleted account keeps its row, since versions
-- and changes name it, under a name that nobody can take.
ALTER TABLE account
  ADD COLUMN email             VARCHAR(254) NULL COMMENT 'lower case; another way to name the account at sign-in',
  ADD COLUMN display_name      VARCHAR(190) NOT NULL DEFAULT '',
  ADD COLUMN valid_from        DATETIME(6)  NULL COMMENT 'NULL: always',
  ADD COLUMN valid_until       DATETIME(6)  NULL COMMENT 'NULL: for ever',
  ADD COLUMN suspended         BOOLEAN      NOT NULL DEFAULT FALSE,
  ADD COLUMN must_set_password BOOLEAN      NOT NULL DEFAULT FALSE COMMENT 'the password opens nothing but its own change',
  ADD COLUMN quota_bytes       BIGINT       NULL COMMENT 'over all namespaces that it owns; NULL: no limit',
  ADD COLUMN quota_files       BIGINT       NULL COMMENT 'over all namespaces that it owns; NULL: no limit',
  ADD COLUMN epoch             INT          NOT NULL DEFAULT 0 COMMENT 'grows when all its sessions are to end; tokens carry it',
  ADD COLUMN deleted_at        DATETIME(6)  NULL COMMENT 'NULL: it is there',
  ADD CONSTRAINT account_email UNIQUE (email);

-- Which sign-ins last, and from where are they used? A token is sealed and not looked up here: this table is for people.
-- The sessions of the form before, whose tokens were looked up, end here.
DROP TABLE session;
CREATE TABLE session (
  id           CHAR(26)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  account_id   BIGINT       NOT NULL,
  opened_at    DATETIME(6)  NOT NULL,
  expires_at   DATETIME(6)  NOT NULL,
  last_used_at DATETIME(6)  NOT NULL COMMENT 'to a minute or so',
  address      VARCHAR(64)  NOT NULL COMMENT 'of who opened it',
  user_agent   VARCHAR(200) NOT NULL COMMENT 'of who opened it',
  KEY session_account (account_id, opened_at) COMMENT 'Which sessions has this account?',
  KEY session_expiry (expires_at) COMMENT 'Which sessions can be swept away?',
  CONSTRAINT session_of_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Which tokens have lost their force before their time? Every master reads what is new each second. Swept away when the
-- tokens would have expired by themselves.
CREATE TABLE revocation (
  id         BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  account_id BIGINT      NOT NULL,
  session_id CHAR(26)    CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'NULL: all sessions from before the epoch',
  epoch      INT         NOT NULL,
  at         DATETIME(6) NOT NULL COMMENT 'by the database''s clock',
  KEY revocation_at (at) COMMENT 'What is new? What can be swept away?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Who has guessed passwords lately? Written at failures only.
CREATE TABLE sign_in_failure (
  subject  VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY
           COMMENT 'name: and the SHA-256 of what was typed as name, or address: and the address',
  failures INT         NOT NULL COMMENT 'one after the other, with less than 15 minutes between them',
  last_at  DATETIME(6) NOT NULL,
  KEY sign_in_failure_age (last_at) COMMENT 'Which are forgotten?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Which links to set a password are still good? The link's text is sealed with the cluster key and is not kept.
CREATE TABLE password_link (
  id         CHAR(26)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  account_id BIGINT      NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  KEY password_link_expiry (expires_at) COMMENT 'Which can be swept away?',
  CONSTRAINT password_link_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Which mails are still to be sent, and what became of the others? Written in the transaction that makes them necessary.
CREATE TABLE mail (
  id         CHAR(26)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  recipient  VARCHAR(254) NOT NULL,
  subject    VARCHAR(200) NOT NULL,
  body       TEXT         NOT NULL COMMENT 'with {link} where the one-time link is put in when it is sent',
  link_id    CHAR(26)     CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of password_link',
  state      VARCHAR(16)  NOT NULL COMMENT 'WAITING | SENT | DEAD',
  attempt    INT          NOT NULL COMMENT 'attempts begun',
  not_before DATETIME(6)  NOT NULL COMMENT 'when the next attempt is due',
  reason     VARCHAR(500) NULL COMMENT 'what went wrong last',
  created_at DATETIME(6)  NOT NULL,
  changed_at DATETIME(6)  NOT NULL,
  KEY mail_due (state, not_before) COMMENT 'What must be sent next?',
  KEY mail_changed (changed_at) COMMENT 'Which can be swept away?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- How much may a namespace keep?
ALTER TABLE namespace
  ADD COLUMN quota_bytes BIGINT NULL COMMENT 'NULL: no limit of its own',
  ADD COLUMN quota_files BIGINT NULL COMMENT 'NULL: no limit of its own';

-- How much does a namespace keep? Counted along with every change of names. A table of its own: whoever makes a folder
-- holds a shared lock on the namespace's row, and would wait for, or collide with, those who count.
CREATE TABLE namespace_usage (
  namespace_id BIGINT NOT NULL PRIMARY KEY,
  files        BIGINT NOT NULL,
  bytes        BIGINT NOT NULL COMMENT 'of the current versions, each file once',
  CONSTRAINT namespace_usage_of FOREIGN KEY (namespace_id) REFERENCES namespace (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
INSERT INTO namespace_usage (namespace_id, files, bytes)
  SELECT n.id, COUNT(f.id), COALESCE(SUM(b.size), 0)
  FROM namespace n
  LEFT JOIN folder d ON d.namespace_id = n.id
  LEFT JOIN file f ON f.folder_id = d.id
  LEFT JOIN file_version v ON v.id = f.version_id
  LEFT JOIN blob_ b ON b.id = v.blob_id
  GROUP BY n.id;

-- How much does an account keep in all namespaces that it owns? Counted along, so that racing puts can't pass its quota.
CREATE TABLE account_usage (
  account_id BIGINT NOT NULL PRIMARY KEY,
  files      BIGINT NOT NULL,
  bytes      BIGINT NOT NULL COMMENT 'of the current versions, each file once',
  CONSTRAINT account_usage_of FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
INSERT INTO account_usage (account_id, files, bytes)
  SELECT n.owner_id, SUM(u.files), SUM(u.bytes)
  FROM namespace n JOIN namespace_usage u ON u.namespace_id = n.id
  GROUP BY n.owner_id;
