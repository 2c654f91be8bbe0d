-- Where an invoice was begun: the provider's names for the account and the customer, and the key. They are written before anything is made
-- there; empty: nothing was begun. The key of the next beginning stays where the one before left nothing.
ALTER TABLE invoices ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE invoices ADD COLUMN customer TEXT NOT NULL DEFAULT '';
ALTER TABLE invoices ADD COLUMN begun_under TEXT NOT NULL DEFAULT '';
-- The account that knows the customer that was made.
ALTER TABLE payers ADD COLUMN known_at TEXT NOT NULL DEFAULT '';
-- What may be at the provider under a key of its own: 0 nothing, 1 what was sent, 2 also what an attempt whose end is unknown may still
-- bring. Routes of before have no such key: a newer version takes them back by the name that all versions have.
ALTER TABLE outbox ADD COLUMN remains BIGINT NOT NULL DEFAULT 0;
-- By page: ids sort by time.
DROP INDEX invoices_org;
CREATE INDEX invoices_org ON invoices (org_id, id);
