-- When a reading arrived. 0: in a release that did not note it; then it counts as known from its own time on.
ALTER TABLE readings ADD COLUMN received_at BIGINT NOT NULL DEFAULT 0;
-- Readings that were corrected or deleted: they were known from their arrival until they were replaced.
CREATE TABLE reading_history (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    bin_code TEXT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    replaced_at BIGINT NOT NULL,
    fill_percent DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (org_id, bin_code, at, received_at)
);
CREATE INDEX reading_history_age ON reading_history (replaced_at);
-- Nothing ever used it.
DROP TABLE forecasts;
-- How readings become features; a version is never changed.
CREATE TABLE feature_sets (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    definition TEXT NOT NULL,
    checksum TEXT NOT NULL,
    -- Who made it; null: the service.
    created_by TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, name, version)
);
CREATE TABLE forecast_settings (
    org_id TEXT PRIMARY KEY REFERENCES organisations (id),
    settings TEXT NOT NULL,
    -- When the next forecast is due, milliseconds since 1970; null: none is asked for.
    next_run_at BIGINT
);
CREATE INDEX forecast_settings_due ON forecast_settings (next_run_at) WHERE next_run_at IS NOT NULL;
CREATE TABLE forecast_models (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    number BIGINT NOT NULL,
    method TEXT NOT NULL,
    parameters TEXT NOT NULL,
    feature_set TEXT NOT NULL,
    feature_set_version BIGINT NOT NULL,
    trained_from BIGINT NOT NULL,
    trained_until BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('candidate', 'active', 'retired')),
    -- Figures of the backtest, and samples of features and errors to compare later ones with.
    backtest TEXT NOT NULL,
    reference TEXT NOT NULL,
    -- What the last review found.
    review TEXT NOT NULL DEFAULT 'null',
    trained_by TEXT,
    created_at BIGINT NOT NULL,
    -- Who promoted it; null: a rule, or nobody yet.
    promoted_by TEXT,
    promoted_at BIGINT,
    retired_at BIGINT,
    UNIQUE (org_id, number)
);
CREATE UNIQUE INDEX forecast_models_active ON forecast_models (org_id) WHERE state = 'active';
-- Work on forecasts: making one, reviewing those of a day, training.
CREATE TABLE forecast_runs (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL CHECK (kind IN ('forecast', 'review', 'training')),
    -- The first day of the forecast, or the day that is reviewed, as 2026-12-03; empty: none.
    day TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('schedule', 'demand', 'advice')),
    request TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    cancel_requested BIGINT NOT NULL DEFAULT 0,
    worker TEXT,
    lease_until BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    progress TEXT NOT NULL DEFAULT '{}',
    error TEXT,
    -- What a forecast knew, and what made it.
    as_of BIGINT,
    model_id TEXT,
    bins BIGINT,
    requested_by TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX forecast_runs_org ON forecast_runs (org_id, created_at);
CREATE INDEX forecast_runs_day ON forecast_runs (org_id, day, as_of);
CREATE INDEX forecast_runs_open ON forecast_runs (state, lease_until) WHERE state IN ('queued', 'running');
-- What is due is done once.
CREATE UNIQUE INDEX forecast_runs_scheduled ON forecast_runs (org_id, kind, day) WHERE cause = 'schedule';
CREATE UNIQUE INDEX forecast_runs_coalesced ON forecast_runs (org_id, kind, day)
    WHERE cause <> 'schedule' AND state IN ('queued', 'running');
-- A bin's forecast, with the features that it had.
CREATE TABLE bin_forecasts (
    run_id TEXT NOT NULL REFERENCES forecast_runs (id) ON DELETE CASCADE,
    bin_code TEXT NOT NULL,
    -- The newest level that was known; null: none.
    level DOUBLE PRECISION,
    level_at BIGINT NOT NULL,
    -- What is deposited from then until each round, by levels of quantiles.
    quantiles TEXT NOT NULL,
    features TEXT NOT NULL,
    PRIMARY KEY (run_id, bin_code)
);
-- How forecasts of a day agree with the readings that came later.
CREATE TABLE forecast_scores (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    day TEXT NOT NULL,
    model_id TEXT NOT NULL REFERENCES forecast_models (id),
    run_id TEXT NOT NULL,
    tally TEXT NOT NULL,
    samples TEXT NOT NULL,
    reviewed_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, day, model_id)
);
-- What was done on a day, and what a fixed rhythm would have done.
CREATE TABLE forecast_impact (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    day TEXT NOT NULL,
    figures TEXT NOT NULL,
    as_of BIGINT NOT NULL,
    PRIMARY KEY (org_id, day)
);
-- The forecast that a plan came from, as JSON.
ALTER TABLE plans ADD COLUMN forecast TEXT NOT NULL DEFAULT 'null';
INSERT INTO role_permissions (role_id, permission)
    SELECT id, 'forecasts:manage' FROM roles WHERE name IN ('admin', 'planner') ON CONFLICT DO NOTHING;
