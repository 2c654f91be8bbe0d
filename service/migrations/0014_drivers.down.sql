-- The permission stays: an earlier release does not know it, and nothing comes of it.
DROP INDEX webhook_events_fate;
ALTER TABLE webhook_events DROP COLUMN fate;
ALTER TABLE webhook_events DROP COLUMN reference;
ALTER TABLE bins DROP COLUMN remarks;
ALTER TABLE bins DROP COLUMN address;
ALTER TABLE confirmations DROP COLUMN vehicle;
DROP TABLE positions;
DROP TABLE photos;
DROP TABLE reports;
DROP TABLE assignments;
