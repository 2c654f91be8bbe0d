-- Which user drives which vehicle of a day, and who drove it before: what they did is still told when they are back in reach.
CREATE TABLE assignments (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    -- As 2026-12-03.
    day TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    vehicle TEXT NOT NULL,
    assigned_by TEXT NOT NULL,
    assigned_at BIGINT NOT NULL,
    -- Null: it holds.
    ended_at BIGINT,
    PRIMARY KEY (org_id, day, user_id, vehicle)
);
CREATE INDEX assignments_user ON assignments (user_id, day);
-- What drivers report, each word once: the id is made where it is said.
CREATE TABLE reports (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    day TEXT NOT NULL,
    vehicle TEXT NOT NULL,
    activity TEXT NOT NULL,
    code TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'missed')),
    -- One of a list, and what else is to be said.
    reason TEXT NOT NULL,
    remark TEXT NOT NULL,
    -- Kilograms, and per cent.
    amount BIGINT,
    fill_percent BIGINT,
    -- Seconds from the day's beginning, as the plan's times.
    at_second BIGINT NOT NULL,
    -- Which version of the day's plan the driver saw.
    version BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, id)
);
CREATE INDEX reports_day ON reports (org_id, day, received_at);
CREATE TABLE photos (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    report_id TEXT NOT NULL,
    media_type TEXT NOT NULL,
    -- SHA-256 of the content as hexadecimal digits, and of what was sent: the same may be sent twice.
    sha256 TEXT NOT NULL,
    sent_sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    content BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, report_id)
);
CREATE INDEX photos_org ON photos (org_id, created_at);
CREATE TABLE positions (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    -- Seconds from the day's beginning, in slots of ten: one position each.
    slot BIGINT NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    vehicle TEXT NOT NULL,
    at_second BIGINT NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    -- Metres.
    accuracy BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, day, slot)
);
CREATE INDEX positions_vehicle ON positions (org_id, day, vehicle, at_second);
CREATE INDEX positions_received ON positions (received_at);
-- What a provider's event is about, by the provider's name for it, and whether it says that that arrived or never will.
ALTER TABLE webhook_events ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE webhook_events ADD COLUMN fate TEXT NOT NULL DEFAULT '';
CREATE INDEX webhook_events_fate ON webhook_events (org_id, provider, reference) WHERE fate <> '';
-- Which vehicle did it; empty: as planned.
ALTER TABLE confirmations ADD COLUMN vehicle TEXT NOT NULL DEFAULT '';
ALTER TABLE bins ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE bins ADD COLUMN remarks TEXT NOT NULL DEFAULT '';
-- What the role of drivers allowed before stays as it is: `organisation restore --roles` takes it back to what it is at the start.
INSERT INTO role_permissions (role_id, permission)
    SELECT id, 'routes:drive' FROM roles WHERE name IN ('admin', 'driver') ON CONFLICT DO NOTHING;
