-- The permission stays: an earlier release does not know it, and nothing comes of it.
DROP INDEX reports_stop;
DROP TABLE invoice_items;
DROP TABLE invoices;
DROP TABLE payers;
ALTER TABLE bins DROP COLUMN material;
ALTER TABLE bins DROP COLUMN payer;
DELETE FROM outbox WHERE kind IN ('invoice', 'route');
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('message', 'mail', 'webhook'));
