DROP INDEX invoices_org;
CREATE INDEX invoices_org ON invoices (org_id, drafted_at);
ALTER TABLE outbox DROP COLUMN remains;
ALTER TABLE payers DROP COLUMN known_at;
ALTER TABLE invoices DROP COLUMN begun_under;
ALTER TABLE invoices DROP COLUMN customer;
ALTER TABLE invoices DROP COLUMN account;
