-- The permission stays: an earlier release does not know it, and nothing comes of it.
ALTER TABLE plans DROP COLUMN forecast;
DROP TABLE forecast_impact;
DROP TABLE forecast_scores;
DROP TABLE bin_forecasts;
DROP TABLE forecast_runs;
DROP TABLE forecast_models;
DROP TABLE forecast_settings;
DROP TABLE feature_sets;
CREATE TABLE forecasts (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    bin_code TEXT NOT NULL,
    at BIGINT NOT NULL,
    fill_percent DOUBLE PRECISION NOT NULL,
    model TEXT NOT NULL,
    PRIMARY KEY (org_id, bin_code, at)
);
DROP TABLE reading_history;
ALTER TABLE readings DROP COLUMN received_at;
