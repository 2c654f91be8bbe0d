-- Accounts at providers of messages, mail and the like: the newest of each capability. Keys and webhook secrets are sealed.
CREATE TABLE provider_accounts (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    capability TEXT NOT NULL,
    provider TEXT NOT NULL,
    settings TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    -- Millionths of the account's currency: what a call costs, and what may be spent in a day.
    price BIGINT NOT NULL,
    day_budget BIGINT NOT NULL,
    -- Counts changes, so that processes notice them.
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (org_id, capability)
);
-- What was taken for calls, by day since 1970.
CREATE TABLE provider_spending (
    account_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    spent BIGINT NOT NULL,
    PRIMARY KEY (account_id, day)
);
-- Where events go. The secrets are sealed; two while one replaces the other.
CREATE TABLE webhook_endpoints (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_org ON webhook_endpoints (org_id);
-- What is to be sent, written in the transaction that causes it. The id is the key by which a provider knows it again.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL CHECK (kind IN ('message', 'mail', 'webhook')),
    -- The endpoint of a webhook; else empty.
    target TEXT NOT NULL,
    -- Names what caused it: the same cause has one row.
    cause TEXT NOT NULL,
    -- What it says, sealed; empty once it was sent.
    sealed BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'dead')),
    worker TEXT,
    lease_until BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    provider TEXT NOT NULL DEFAULT '',
    -- The provider's name for it.
    reference TEXT NOT NULL DEFAULT '',
    progress TEXT NOT NULL DEFAULT '{}',
    error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    UNIQUE (org_id, kind, target, cause)
);
CREATE INDEX outbox_due ON outbox (state, due_at);
CREATE INDEX outbox_org ON outbox (org_id, created_at);
-- What providers have told: each event once, whatever it is.
CREATE TABLE webhook_events (
    account_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    provider TEXT NOT NULL,
    kind TEXT NOT NULL,
    content BYTEA NOT NULL,
    -- How often it came.
    copies BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, event_id)
);
CREATE INDEX webhook_events_org ON webhook_events (org_id, received_at);
ALTER TABLE drivers ADD COLUMN phone TEXT NOT NULL DEFAULT '';
INSERT INTO role_permissions (role_id, permission)
    SELECT id, 'providers:manage' FROM roles WHERE name = 'admin' ON CONFLICT DO NOTHING;
