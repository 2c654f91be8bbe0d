-- The plan of each day in all its versions; the highest one holds.
CREATE TABLE day_versions (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    -- As 2026-12-03.
    day TEXT NOT NULL,
    version BIGINT NOT NULL,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    -- Chosen by hand, or an adaptation that was accepted.
    cause TEXT NOT NULL CHECK (cause IN ('chosen', 'adapted')),
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, day, version)
);
CREATE INDEX day_versions_plan ON day_versions (plan_id);
CREATE TABLE adaptations (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    -- Which version of the day's plan is adapted.
    day TEXT NOT NULL,
    version BIGINT NOT NULL,
    request TEXT NOT NULL,
    answer TEXT NOT NULL,
    problem TEXT NOT NULL,
    document TEXT NOT NULL,
    geojson TEXT NOT NULL,
    feasible BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'rejected')),
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    decided_by TEXT,
    decided_at BIGINT,
    -- The plan that it became.
    plan_id TEXT
);
CREATE INDEX adaptations_day ON adaptations (org_id, day, asked_at);
-- What drivers say of the stops of a day: the newest word on each.
CREATE TABLE confirmations (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    day TEXT NOT NULL,
    activity TEXT NOT NULL,
    code TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'missed')),
    reason TEXT NOT NULL,
    -- Seconds from the day's beginning, as the plan's times.
    at_second BIGINT NOT NULL,
    confirmed_by TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, day, activity, code)
);
ALTER TABLE plans ADD COLUMN streets TEXT NOT NULL DEFAULT 'null';
ALTER TABLE routes ADD COLUMN depot TEXT NOT NULL DEFAULT '';
INSERT INTO role_permissions (role_id, permission)
    SELECT id, 'stops:confirm' FROM roles WHERE name IN ('admin', 'planner') ON CONFLICT DO NOTHING;
