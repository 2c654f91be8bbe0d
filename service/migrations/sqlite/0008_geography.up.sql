CREATE VIRTUAL TABLE bins_place USING rtree (id, west, east, south, north);
INSERT INTO bins_place SELECT rowid, lon, lon, lat, lat FROM bins;
CREATE TRIGGER bins_place_insert AFTER INSERT ON bins
BEGIN INSERT INTO bins_place VALUES (NEW.rowid, NEW.lon, NEW.lon, NEW.lat, NEW.lat); END;
CREATE TRIGGER bins_place_update AFTER UPDATE ON bins
BEGIN UPDATE bins_place SET west = NEW.lon, east = NEW.lon, south = NEW.lat, north = NEW.lat WHERE id = NEW.rowid; END;
CREATE TRIGGER bins_place_delete AFTER DELETE ON bins
BEGIN DELETE FROM bins_place WHERE id = OLD.rowid; END;
