ALTER TABLE factors ADD CONSTRAINT one_secret CHECK ((secret_plain IS NULL) <> (secret_ct IS NULL));
