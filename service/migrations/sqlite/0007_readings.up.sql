CREATE TABLE readings (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    bin_code TEXT NOT NULL,
    at INTEGER NOT NULL,
    fill_percent REAL NOT NULL,
    PRIMARY KEY (org_id, bin_code, at)
) WITHOUT ROWID;
-- What is a materialised view elsewhere: filled anew after each plan.
CREATE TABLE plan_days (
    org_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    plans INTEGER NOT NULL,
    distance INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    served INTEGER NOT NULL,
    unserved INTEGER NOT NULL,
    PRIMARY KEY (org_id, day)
);
