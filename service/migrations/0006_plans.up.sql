CREATE TABLE plan_jobs (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- What is asked for, and a digest of it by which equal requests are known.
    request TEXT NOT NULL,
    content_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    cancel_requested BIGINT NOT NULL DEFAULT 0,
    worker TEXT,
    lease_until BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    progress TEXT NOT NULL DEFAULT '{}',
    error TEXT,
    plan_id TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX plan_jobs_org ON plan_jobs (org_id, created_at);
CREATE INDEX plan_jobs_open ON plan_jobs (state, lease_until) WHERE state IN ('queued', 'running');
-- Equal requests under way are one job.
CREATE UNIQUE INDEX plan_jobs_coalesced ON plan_jobs (org_id, content_key) WHERE state IN ('queued', 'running');
CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    content_key TEXT NOT NULL,
    problem TEXT NOT NULL,
    document TEXT NOT NULL,
    geojson TEXT NOT NULL,
    feasible BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    distance BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    served BIGINT NOT NULL,
    unserved BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (org_id, content_key)
);
CREATE INDEX plans_org ON plans (org_id, created_at);
CREATE TABLE routes (
    plan_id TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    route BIGINT NOT NULL,
    vehicle TEXT NOT NULL,
    start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    distance BIGINT NOT NULL,
    driving BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    trips BIGINT NOT NULL,
    PRIMARY KEY (plan_id, route)
);
CREATE TABLE stops (
    plan_id TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    route BIGINT NOT NULL,
    trip BIGINT NOT NULL,
    position BIGINT NOT NULL,
    activity TEXT NOT NULL,
    code TEXT NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    arrival BIGINT NOT NULL,
    start_at BIGINT NOT NULL,
    departure BIGINT NOT NULL,
    PRIMARY KEY (plan_id, route, trip, position)
);
