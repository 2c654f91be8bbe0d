CREATE TABLE depots (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    open_from BIGINT NOT NULL,
    open_until BIGINT NOT NULL,
    service_seconds BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, code)
);
CREATE TABLE disposal_sites (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    open_from BIGINT NOT NULL,
    open_until BIGINT NOT NULL,
    service_seconds BIGINT NOT NULL,
    unload_seconds_per_tonne BIGINT NOT NULL,
    visit_cost BIGINT NOT NULL,
    fee_per_tonne BIGINT NOT NULL,
    daily_capacity_kg BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, code)
);
CREATE TABLE vehicles (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    depot TEXT NOT NULL,
    capacity_kg BIGINT NOT NULL,
    shift_from BIGINT NOT NULL,
    shift_until BIGINT NOT NULL,
    fixed_cost BIGINT NOT NULL,
    cost_per_metre BIGINT NOT NULL,
    cost_per_second BIGINT NOT NULL,
    max_trips BIGINT NOT NULL,
    max_stops BIGINT NOT NULL,
    break_from BIGINT NOT NULL,
    break_until BIGINT NOT NULL,
    break_seconds BIGINT NOT NULL,
    driver_rule TEXT NOT NULL,
    skills TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, code)
);
CREATE TABLE drivers (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    vehicle TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, code)
);
CREATE TABLE bins (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    load_kg BIGINT NOT NULL,
    fill_percent BIGINT NOT NULL,
    open_from BIGINT NOT NULL,
    open_until BIGINT NOT NULL,
    service_seconds BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    skills TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, code)
);
CREATE TABLE forecasts (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    bin_code TEXT NOT NULL,
    at BIGINT NOT NULL,
    fill_percent DOUBLE PRECISION NOT NULL,
    model TEXT NOT NULL,
    PRIMARY KEY (org_id, bin_code, at)
);
