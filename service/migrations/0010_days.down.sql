ALTER TABLE routes DROP COLUMN depot;
ALTER TABLE plans DROP COLUMN streets;
DROP TABLE confirmations;
DROP TABLE adaptations;
DROP TABLE day_versions;
