-- One partition a month, made when its first reading comes.
CREATE TABLE readings (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    bin_code TEXT NOT NULL,
    at BIGINT NOT NULL,
    fill_percent DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (org_id, bin_code, at)
) PARTITION BY RANGE (at);
CREATE MATERIALIZED VIEW plan_days AS
SELECT org_id, created_at / 86400000 AS day, COUNT(*) AS plans, CAST(SUM(distance) AS BIGINT) AS distance,
       CAST(SUM(duration) AS BIGINT) AS duration, CAST(SUM(served) AS BIGINT) AS served,
       CAST(SUM(unserved) AS BIGINT) AS unserved
FROM plans GROUP BY org_id, created_at / 86400000;
CREATE UNIQUE INDEX plan_days_key ON plan_days (org_id, day);
