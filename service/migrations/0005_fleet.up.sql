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
    max_trips BIGINT NOT NULL,
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
