-- Plans of a day of which none is better than another in two or three respects.
CREATE TABLE fronts (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    -- As 2026-12-03.
    day TEXT NOT NULL,
    -- What was asked for, by a digest.
    content_key TEXT NOT NULL,
    -- Objectives, values of the points and what lies between them, as JSON.
    document TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Which point was chosen last, by whom, when, and which version of the day that made.
    chosen BIGINT,
    chosen_by TEXT,
    chosen_at BIGINT,
    chosen_version BIGINT,
    UNIQUE (org_id, content_key)
);
CREATE INDEX fronts_day ON fronts (org_id, day, created_at);
CREATE TABLE front_points (
    front_id TEXT NOT NULL REFERENCES fronts (id) ON DELETE CASCADE,
    point BIGINT NOT NULL,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    PRIMARY KEY (front_id, point)
);
CREATE INDEX front_points_plan ON front_points (plan_id);
ALTER TABLE plan_jobs ADD COLUMN front_id TEXT;
