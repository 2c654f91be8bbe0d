DROP TABLE stops;
DROP TABLE routes;
DROP TABLE plans;
DROP TABLE plan_jobs;
