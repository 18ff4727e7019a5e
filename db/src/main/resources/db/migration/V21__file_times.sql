-- When was this version changed where it comes from? Told by who puts it; nothing but listings and downloads ask for it.
ALTER TABLE file_version
  ADD COLUMN file_time DATETIME(6) NULL COMMENT 'as the client told; NULL: it did not';
