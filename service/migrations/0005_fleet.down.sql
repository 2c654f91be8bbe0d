DROP TABLE forecasts;
DROP TABLE bins;
DROP TABLE drivers;
DROP TABLE vehicles;
DROP TABLE disposal_sites;
DROP TABLE depots;
