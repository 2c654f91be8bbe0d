DROP TABLE plan_days;
DROP TABLE readings;
