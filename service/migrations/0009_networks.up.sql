-- Street networks. Each upload under a code is a version of its own; the newest that is ready is the one in use.
CREATE TABLE networks (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    user_id TEXT NOT NULL,
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    -- The name of the profile, and its definition; a prepared network has its own.
    profile TEXT NOT NULL,
    profile_toml TEXT NOT NULL,
    upload_bytes BIGINT NOT NULL,
    upload_sha256 TEXT NOT NULL,
    -- Of the prepared file in the data folder.
    file_sha256 TEXT NOT NULL DEFAULT '',
    -- What lies in the data folder now: the upload, or the prepared file.
    stored_bytes BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'preparing', 'ready', 'failed')),
    progress TEXT NOT NULL DEFAULT '{}',
    error TEXT,
    data_date BIGINT,
    report TEXT NOT NULL DEFAULT '{}',
    -- A newer version is ready: it goes once no job needs it.
    superseded BIGINT NOT NULL DEFAULT 0,
    worker TEXT,
    lease_until BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    UNIQUE (org_id, code, version)
);
CREATE INDEX networks_open ON networks (state, lease_until) WHERE state IN ('queued', 'preparing');
-- The network of the depots that name none.
CREATE TABLE default_networks (
    org_id TEXT PRIMARY KEY REFERENCES organisations (id),
    code TEXT NOT NULL
);
ALTER TABLE depots ADD COLUMN network TEXT NOT NULL DEFAULT '';
-- On which streets a plan was made, or in place of them on what.
ALTER TABLE plans ADD COLUMN travel TEXT NOT NULL DEFAULT '[]';
INSERT INTO role_permissions (role_id, permission)
SELECT id, 'networks:manage' FROM roles WHERE name = 'admin' ON CONFLICT DO NOTHING;
