ALTER TABLE outbox DROP COLUMN trace;
ALTER TABLE forecast_runs DROP COLUMN trace;
ALTER TABLE networks DROP COLUMN trace;
ALTER TABLE plan_jobs DROP COLUMN trace;
