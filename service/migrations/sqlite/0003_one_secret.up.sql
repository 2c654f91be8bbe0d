CREATE TRIGGER one_secret_insert BEFORE INSERT ON factors
WHEN (NEW.secret_plain IS NULL) = (NEW.secret_ct IS NULL)
BEGIN SELECT RAISE(ABORT, 'a factor has exactly one of secret_plain and secret_ct'); END;
CREATE TRIGGER one_secret_update BEFORE UPDATE ON factors
WHEN (NEW.secret_plain IS NULL) = (NEW.secret_ct IS NULL)
BEGIN SELECT RAISE(ABORT, 'a factor has exactly one of secret_plain and secret_ct'); END;
