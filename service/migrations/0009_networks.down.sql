-- The permission stays: an earlier release does not know it, and nothing comes of it.
ALTER TABLE plans DROP COLUMN travel;
ALTER TABLE depots DROP COLUMN network;
DROP TABLE default_networks;
DROP TABLE networks;
