ALTER TABLE organisations DROP COLUMN second_factor_from;
