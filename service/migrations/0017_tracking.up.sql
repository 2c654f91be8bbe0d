-- How a provider of telematics calls the vehicle; empty: by its code.
ALTER TABLE vehicles ADD COLUMN tracker TEXT NOT NULL DEFAULT '';
-- How far each account's positions were read, and when they are asked for next, milliseconds since 1970.
CREATE TABLE tracking (
    account_id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    -- Null: from the first question on.
    cursor TEXT,
    due_at BIGINT NOT NULL,
    -- Why the last question had no answer; empty: it had one.
    problem TEXT NOT NULL DEFAULT ''
);
CREATE INDEX tracking_due ON tracking (due_at);
-- Where vehicles were, as their telematics tell.
CREATE TABLE tracked_positions (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    day TEXT NOT NULL,
    vehicle TEXT NOT NULL,
    -- Seconds from the day's beginning, in slots of ten: one position each.
    slot BIGINT NOT NULL,
    at_second BIGINT NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, day, vehicle, slot)
);
CREATE INDEX tracked_positions_received ON tracked_positions (received_at);
