-- Refuses while there are secrets that only exist encrypted: `mfa rollback` decrypts them first.
CREATE TABLE encrypted_secrets_exist (n BIGINT CHECK (n = 0));
INSERT INTO encrypted_secrets_exist SELECT COUNT(*) FROM factors WHERE secret_plain IS NULL;
DROP TABLE encrypted_secrets_exist;
DROP TABLE secret_migrations;
DROP INDEX factors_key;
ALTER TABLE factors DROP COLUMN key_id;
ALTER TABLE factors DROP COLUMN secret_ct;
DROP TABLE signing_keys;
DROP TABLE data_keys;
