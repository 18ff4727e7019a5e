-- An e-mail address that people give themselves counts when it is confirmed.

-- Which address waits to be confirmed for this account? It is in nobody's way: several accounts may wait for the same one.
ALTER TABLE account
  ADD COLUMN new_email       VARCHAR(254) NULL COMMENT 'lower case; NULL: none waits',
  ADD COLUMN new_email_code  CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of the code that confirms it; sealed in the mail, not kept',
  ADD COLUMN new_email_until DATETIME(6)  NULL COMMENT 'when it waits no longer';
