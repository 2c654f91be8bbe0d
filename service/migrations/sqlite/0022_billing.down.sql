-- The permission stays: an earlier release does not know it, and nothing comes of it.
DROP INDEX reports_stop;
DROP TABLE invoice_items;
DROP TABLE invoices;
DROP TABLE payers;
ALTER TABLE bins DROP COLUMN material;
ALTER TABLE bins DROP COLUMN payer;
DELETE FROM outbox WHERE kind IN ('invoice', 'route');
CREATE TABLE outbox_anew (
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
    trace TEXT,
    UNIQUE (org_id, kind, target, cause)
);
INSERT INTO outbox_anew (id, org_id, kind, target, cause, sealed, state, worker, lease_until, attempts, due_at, provider, reference, progress, error, created_at, finished_at, trace)
    SELECT id, org_id, kind, target, cause, sealed, state, worker, lease_until, attempts, due_at, provider, reference, progress, error, created_at, finished_at, trace FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_anew RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (state, due_at);
CREATE INDEX outbox_org ON outbox (org_id, created_at);
