-- What is replaced is not lost: 10 older versions of each file are kept, unless somebody says otherwise.
ALTER TABLE namespace
  MODIFY COLUMN versions_kept INT NOT NULL DEFAULT 10 COMMENT 'older versions of each file, beside the current one';

-- Namespaces for which nobody has ever said it keep 10 as well. Their rows look like those where somebody chose 0;
-- the audit log knows, which has each change for 400 days unless configured otherwise.
UPDATE namespace n
  SET n.versions_kept = 10
  WHERE n.versions_kept = 0
    AND NOT EXISTS (SELECT 1 FROM audit_log a
                    WHERE a.object = n.name AND a.action IN ('namespaces.create', 'namespaces.change')
                      AND a.status < 300 AND a.at >= n.created_at
                      AND CONCAT(' ', a.detail, ' ') LIKE '% versionsKept=0 %');
