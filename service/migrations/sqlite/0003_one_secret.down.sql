DROP TRIGGER IF EXISTS no_plain_secret_insert;
DROP TRIGGER IF EXISTS no_plain_secret_update;
DROP TRIGGER one_secret_update;
DROP TRIGGER one_secret_insert;
