-- By when the driver must be back; null: not known, of plans of earlier releases.
ALTER TABLE routes ADD COLUMN shift_until BIGINT;
-- What is collected or delivered at a stop, in the first dimension of loads: kilograms, of the stored fleet.
ALTER TABLE stops ADD COLUMN load BIGINT NOT NULL DEFAULT 0;
-- What was planned and what was done, by day and vehicle: worked out from plans and confirmations, and worked out anew when they change.
CREATE TABLE day_figures (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    -- As 2026-12-03.
    day TEXT NOT NULL,
    vehicle TEXT NOT NULL,
    driver TEXT NOT NULL,
    area TEXT NOT NULL,
    as_of BIGINT NOT NULL,
    planned_stops BIGINT NOT NULL,
    planned_distance BIGINT NOT NULL,
    planned_duration BIGINT NOT NULL,
    planned_load BIGINT NOT NULL,
    planned_cost BIGINT NOT NULL,
    done_stops BIGINT NOT NULL,
    missed_stops BIGINT NOT NULL,
    open_stops BIGINT NOT NULL,
    late_stops BIGINT NOT NULL,
    done_distance BIGINT NOT NULL,
    done_duration BIGINT NOT NULL,
    done_load BIGINT NOT NULL,
    done_cost BIGINT NOT NULL,
    overtime BIGINT NOT NULL,
    PRIMARY KEY (org_id, day, vehicle, driver, area)
);
-- Days whose figures are to be worked out anew, and how often they have changed since that was noted.
CREATE TABLE days_to_refresh (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    day TEXT NOT NULL,
    changes BIGINT NOT NULL,
    PRIMARY KEY (org_id, day)
);
INSERT INTO days_to_refresh (org_id, day, changes) SELECT DISTINCT org_id, day, 1 FROM day_versions;
