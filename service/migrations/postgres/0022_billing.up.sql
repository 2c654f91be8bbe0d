ALTER TABLE bins ADD COLUMN payer TEXT NOT NULL DEFAULT '';
ALTER TABLE bins ADD COLUMN material TEXT NOT NULL DEFAULT '';
-- Who pays for bins, and what for. Prices are in the currency's smallest unit.
CREATE TABLE payers (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    -- The provider's name for the customer; empty: one is made when the first invoice is sent.
    customer TEXT NOT NULL,
    currency TEXT NOT NULL,
    price_per_emptying BIGINT NOT NULL,
    price_per_tonne BIGINT NOT NULL,
    material_prices TEXT NOT NULL,
    tax_basis_points BIGINT NOT NULL,
    days_until_due BIGINT NOT NULL,
    -- The customer that was made; empty: none yet.
    known_as TEXT NOT NULL DEFAULT '',
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, code)
);
-- Names and rates are those at the time of the draft.
CREATE TABLE invoices (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    payer TEXT NOT NULL,
    name TEXT NOT NULL,
    -- As 2026-12-03.
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    currency TEXT NOT NULL,
    emptyings BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    total BIGINT NOT NULL,
    tax_basis_points BIGINT NOT NULL,
    days_until_due BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'sent', 'paid', 'uncollectible', 'voided', 'refunded')),
    -- Counts changes: who approves says which version was seen.
    version BIGINT NOT NULL,
    provider TEXT NOT NULL DEFAULT '',
    -- The provider's name for it.
    reference TEXT NOT NULL DEFAULT '',
    -- Why it was given up; null: it was not.
    problem TEXT,
    drafted_by TEXT NOT NULL,
    drafted_at BIGINT NOT NULL,
    approved_by TEXT,
    approved_at BIGINT,
    sent_at BIGINT,
    settled_at BIGINT
);
CREATE INDEX invoices_org ON invoices (org_id, drafted_at);
CREATE INDEX invoices_reference ON invoices (org_id, provider, reference) WHERE reference <> '';
-- What is billed: a bin's emptying of a day once, by whatever invoice.
CREATE TABLE invoice_items (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    day TEXT NOT NULL,
    code TEXT NOT NULL,
    invoice_id TEXT NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    material TEXT NOT NULL,
    -- Null: not weighed, and not paid for by weight.
    kilograms BIGINT,
    emptying_price BIGINT NOT NULL,
    tonne_price BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (org_id, day, code)
);
CREATE INDEX invoice_items_invoice ON invoice_items (invoice_id, day, code);
CREATE INDEX reports_stop ON reports (org_id, day, code);
INSERT INTO role_permissions (role_id, permission)
    SELECT id, 'billing:manage' FROM roles WHERE name = 'admin' ON CONFLICT DO NOTHING;
-- Invoices and routes are sent, too.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('message', 'mail', 'webhook', 'invoice', 'route'));
