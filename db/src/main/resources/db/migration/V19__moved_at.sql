-- Since when are these bytes behind this name? A move gives a name other bytes, older than those that were there. A folder
-- that moves takes the names of all files below it along, hence the time is told beside each folder's path as well.
ALTER TABLE file
  ADD COLUMN moved_at DATETIME(6) NULL COMMENT 'when it was moved last; NULL: never, since this is told';
ALTER TABLE folder
  ADD COLUMN moved_at DATETIME(6) NULL COMMENT 'when it got this path by a move; NULL: never, since this is told';

-- Earlier releases let a folder of the longest path have files in it: those are removed and moved as others.
ALTER TABLE change_log
  MODIFY COLUMN path VARCHAR(4417) NOT NULL COMMENT 'namespace/path';
ALTER TABLE task
  MODIFY COLUMN path VARCHAR(4417) NOT NULL COMMENT 'namespace/path of the file when the task was made';
ALTER TABLE check_finding
  MODIFY COLUMN path VARCHAR(4417) NULL COMMENT 'namespace/path of the file whose copy it is';
