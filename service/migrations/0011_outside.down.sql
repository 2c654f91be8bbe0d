-- The permission stays: an earlier release does not know it, and nothing comes of it. The key goes: an earlier release refuses keys
-- whose purpose it does not know.
DELETE FROM data_keys WHERE purpose = 'providers';
ALTER TABLE drivers DROP COLUMN phone;
DROP TABLE webhook_events;
DROP TABLE outbox;
DROP TABLE webhook_endpoints;
DROP TABLE provider_spending;
DROP TABLE provider_accounts;
