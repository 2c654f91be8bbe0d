DROP TABLE days_to_refresh;
DROP TABLE day_figures;
ALTER TABLE stops DROP COLUMN load;
ALTER TABLE routes DROP COLUMN shift_until;
