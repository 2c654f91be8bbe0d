DROP TABLE tracked_positions;
DROP TABLE tracking;
ALTER TABLE vehicles DROP COLUMN tracker;
