-- Links: who has one reads a file, or a folder and all below it, without an account.

-- Which links lead to this, who made them, until when? The link's text is sealed and not kept: what is here opens nothing.
-- Like a grant, a link hangs on the thing itself, and is good for as long as its maker may let others in.
CREATE TABLE share_link (
  id            CHAR(26)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  folder_id     BIGINT       NULL COMMENT 'either this',
  file_id       BIGINT       NULL COMMENT 'or this',
  made_by       BIGINT       NOT NULL COMMENT 'the link does what this account may do, and no more than reading',
  made_at       DATETIME(6)  NOT NULL,
  expires_at    DATETIME(6)  NOT NULL,
  password_hash VARCHAR(255) NULL COMMENT 'asked for when there is one',
  KEY link_on_folder (folder_id) COMMENT 'Which links lead to this folder?',
  KEY link_on_file (file_id) COMMENT 'Which links lead to this file?',
  KEY link_expires (expires_at) COMMENT 'Which links are too old?',
  CONSTRAINT link_one_thing CHECK ((folder_id IS NULL) <> (file_id IS NULL)),
  CONSTRAINT link_of_account FOREIGN KEY (made_by) REFERENCES account (id),
  CONSTRAINT link_of_folder FOREIGN KEY (folder_id) REFERENCES folder (id) ON DELETE CASCADE,
  CONSTRAINT link_of_file FOREIGN KEY (file_id) REFERENCES file (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
