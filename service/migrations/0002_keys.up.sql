-- Data keys, each wrapped by the key of its purpose.
CREATE TABLE data_keys (
    key_id BYTEA PRIMARY KEY,
    purpose TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('primary', 'decrypt_only', 'retired')),
    uses BIGINT NOT NULL DEFAULT 0,
    check_value BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX data_keys_primary ON data_keys (purpose) WHERE state = 'primary';
-- Keys that sign access tokens: the private part sealed.
CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    sealed BYTEA NOT NULL,
    modulus TEXT NOT NULL,
    exponent TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'verify_only', 'retired')),
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (state) WHERE state = 'active';
ALTER TABLE factors ADD COLUMN secret_ct BYTEA;
ALTER TABLE factors ADD COLUMN key_id BYTEA;
CREATE INDEX factors_key ON factors (key_id);
-- How far a migration of secrets has come, and what it must arrive with.
CREATE TABLE secret_migrations (
    name TEXT PRIMARY KEY,
    cursor TEXT NOT NULL,
    done BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
