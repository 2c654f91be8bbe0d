-- Which request, or which other work, asked for it: trace and span as in the header `traceparent`. Null: that was not traced.
ALTER TABLE plan_jobs ADD COLUMN trace TEXT;
ALTER TABLE networks ADD COLUMN trace TEXT;
ALTER TABLE forecast_runs ADD COLUMN trace TEXT;
ALTER TABLE outbox ADD COLUMN trace TEXT;
