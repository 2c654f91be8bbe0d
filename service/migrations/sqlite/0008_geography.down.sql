DROP TRIGGER bins_place_delete;
DROP TRIGGER bins_place_update;
DROP TRIGGER bins_place_insert;
DROP TABLE bins_place;
