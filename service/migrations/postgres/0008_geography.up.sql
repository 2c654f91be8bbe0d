-- PostGIS where the server has it; else an ordinary index, by which a box is searched.
DO $do$
BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis') THEN
        CREATE EXTENSION IF NOT EXISTS postgis;
        EXECUTE 'ALTER TABLE bins ADD COLUMN place geography(Point, 4326)
            GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) STORED';
        EXECUTE 'CREATE INDEX bins_place ON bins USING GIST (place)';
        -- A part of the map is a box of degrees, which may be wider than half the globe: that is no geography.
        EXECUTE 'CREATE INDEX bins_box ON bins USING GIST ((place::geometry))';
        EXECUTE $f$
            CREATE FUNCTION bins_within(TEXT, FLOAT8, FLOAT8, FLOAT8, FLOAT8) RETURNS SETOF bins STABLE LANGUAGE sql
            AS 'SELECT * FROM bins WHERE org_id = $1 AND lon BETWEEN $2 AND $4 AND lat BETWEEN $3 AND $5
                AND place::geometry && ST_MakeEnvelope($2, $3, $4, $5, 4326)' $f$;
    ELSE
        RAISE WARNING 'PostGIS is not installed on this server: bins are searched by longitude and latitude';
        EXECUTE 'CREATE INDEX bins_place ON bins (org_id, lon, lat)';
        EXECUTE $f$
            CREATE FUNCTION bins_within(TEXT, FLOAT8, FLOAT8, FLOAT8, FLOAT8) RETURNS SETOF bins STABLE LANGUAGE sql
            AS 'SELECT * FROM bins WHERE org_id = $1 AND lon BETWEEN $2 AND $4 AND lat BETWEEN $3 AND $5' $f$;
    END IF;
END $do$;
