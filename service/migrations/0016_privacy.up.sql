-- How many days an organisation keeps things of a kind; of kinds that are not here, what is usual.
CREATE TABLE retention (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL,
    days BIGINT NOT NULL,
    PRIMARY KEY (org_id, kind)
);
-- Accounts whose data was erased: the id stays where it stood, and names nobody.
CREATE TABLE erasures (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    user_id TEXT NOT NULL,
    erased_by TEXT NOT NULL,
    erased_at BIGINT NOT NULL,
    -- When the database's files were written anew since; null: not yet.
    scrubbed_at BIGINT,
    PRIMARY KEY (org_id, user_id)
);
INSERT INTO role_permissions (role_id, permission)
    SELECT id, 'data:manage' FROM roles WHERE name = 'admin' ON CONFLICT DO NOTHING;
