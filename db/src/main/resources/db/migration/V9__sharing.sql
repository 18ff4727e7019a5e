-- Sharing: who may do what with files that are another's.

-- Who may what on which folder or file? Holds for all that is below; the strongest of all counts. A grant hangs on the
-- thing itself and not on its path, so that it goes along when the thing moves, and goes away when the thing does. The
-- root folder stands for the whole namespace. The owner needs no grant.
CREATE TABLE grant_ (
  id         BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  account_id BIGINT      NOT NULL COMMENT 'who may',
  folder_id  BIGINT      NULL COMMENT 'either this',
  file_id    BIGINT      NULL COMMENT 'or this',
  role       VARCHAR(16) NOT NULL COMMENT 'MASTER | EDITOR | READER',
  granted_by BIGINT      NOT NULL,
  granted_at DATETIME(6) NOT NULL,
  CONSTRAINT grant_on_folder UNIQUE (folder_id, account_id) COMMENT 'Who may what on this folder?',
  CONSTRAINT grant_on_file UNIQUE (file_id, account_id) COMMENT 'Who may what on this file?',
  KEY grant_to_account (account_id) COMMENT 'What is shared with this account?',
  CONSTRAINT grant_one_thing CHECK ((folder_id IS NULL) <> (file_id IS NULL)),
  CONSTRAINT grant_of_account FOREIGN KEY (account_id) REFERENCES account (id),
  CONSTRAINT grant_of_folder FOREIGN KEY (folder_id) REFERENCES folder (id) ON DELETE CASCADE,
  CONSTRAINT grant_of_file FOREIGN KEY (file_id) REFERENCES file (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Who may what, from the administrator's side? The owner is not listed: SELECT owner_id FROM namespace.
CREATE ALGORITHM = MERGE VIEW who_may AS
SELECT ac.name                                                           AS user_name,
       gr.role                                                           AS role,
       ns.name                                                           AS namespace,
       IF(fi.id IS NULL, fo.path, IF(fo.path = '', fi.name, CONCAT(fo.path, '/', fi.name))) AS path,
       gb.name                                                           AS granted_by,
       gr.granted_at                                                     AS granted_at
FROM grant_ gr
JOIN account ac ON ac.id = gr.account_id
JOIN account gb ON gb.id = gr.granted_by
LEFT JOIN file fi ON fi.id = gr.file_id
JOIN folder fo ON fo.id = COALESCE(gr.folder_id, fi.folder_id)
JOIN namespace ns ON ns.id = fo.namespace_id;
