-- Somebody may ask for many locks, and puts that are never sent leave theirs for an hour: both must not cost a look at all.
ALTER TABLE file_lock
  ADD INDEX file_lock_by_expiry (expires_at) COMMENT 'Which locks ran out so long ago that nobody can commit with them?',
  ADD INDEX file_lock_of (account_id, kind) COMMENT 'Which locks has this account, and how many has it asked for?';
