ALTER TABLE plan_jobs DROP COLUMN front_id;
DROP TABLE front_points;
DROP TABLE fronts;
