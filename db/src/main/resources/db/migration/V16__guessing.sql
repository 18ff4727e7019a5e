-- Guessing is counted by account and address, so that nobody can lock others out by guessing at their accounts.

ALTER TABLE sign_in_failure
  MODIFY COLUMN subject VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
         COMMENT 'address:A; T@A, T:new and T:suspect, where T is account:ID, link:ID, or name: and a hash where there is no such account';

-- From which addresses has the owner of this account signed in? Those stay unimpressed when strangers guess at it.
CREATE TABLE sign_in_address (
  account_id BIGINT      NOT NULL,
  address    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'IPv4 address, or /64 of an IPv6 one',
  last_at    DATETIME(6) NOT NULL COMMENT 'to a day or so',
  PRIMARY KEY (account_id, address),
  KEY sign_in_address_age (last_at) COMMENT 'Which are forgotten?',
  CONSTRAINT sign_in_address_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
