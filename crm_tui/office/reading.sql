-- What queries of the reports say that PostgreSQL does not, or says otherwise. Run as the owner; again
-- and again does no harm. The schema stands before pg_catalog on the path of who reads.
CREATE SCHEMA IF NOT EXISTS crm_reading;

-- A sum of whole numbers is one; a comparison counts as 1 or 0.
CREATE OR REPLACE FUNCTION crm_reading.add_truth(bigint, boolean) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1, 0) + $2::int END $$;
CREATE OR REPLACE AGGREGATE crm_reading.sum(bigint)
    (sfunc = int8pl, stype = bigint, combinefunc = int8pl, parallel = safe);
CREATE OR REPLACE AGGREGATE crm_reading.sum(integer)
    (sfunc = int84pl, stype = bigint, combinefunc = int8pl, initcond = '0', parallel = safe);
CREATE OR REPLACE AGGREGATE crm_reading.sum(boolean)
    (sfunc = crm_reading.add_truth, stype = bigint, combinefunc = int8pl, parallel = safe);
CREATE OR REPLACE FUNCTION crm_reading.times(bigint, boolean) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT $1 * $2::int $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_operator WHERE oprname = '*' AND oprnamespace = 'crm_reading'::regnamespace)
    THEN
        CREATE OPERATOR crm_reading.* (leftarg = bigint, rightarg = boolean, function = crm_reading.times);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION crm_reading.max(bigint, bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $1 >= $2 THEN $1 WHEN $1 < $2 THEN $2 END $$;
CREATE OR REPLACE FUNCTION crm_reading.min(bigint, bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $1 <= $2 THEN $1 WHEN $1 > $2 THEN $2 END $$;
CREATE OR REPLACE FUNCTION crm_reading.max(boolean, bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT crm_reading.max($1::int::bigint, $2) $$;
CREATE OR REPLACE FUNCTION crm_reading.min(timestamptz, timestamptz) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $1 <= $2 THEN $1 WHEN $1 > $2 THEN $2 END $$;

-- Days and hours are those of the session's zone, which is the branch's.
CREATE OR REPLACE FUNCTION crm_reading.date(timestamptz, text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT to_char($1, 'YYYY-MM-DD') $$;
CREATE OR REPLACE FUNCTION crm_reading.date(timestamptz, text, text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT to_char($1::timestamp + $3::interval, 'YYYY-MM-DD') $$;
CREATE OR REPLACE FUNCTION crm_reading.julianday(timestamptz, text) RETURNS double precision
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT extract(epoch FROM $1::timestamp)::double precision / 86400 + 2440587.5 $$;
CREATE OR REPLACE FUNCTION crm_reading.strftime(text, timestamptz, text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT to_char($2, CASE $1 WHEN '%H' THEN 'HH24' WHEN '%w' THEN 'D' END) $$;

CREATE OR REPLACE FUNCTION crm_reading.whole(double precision) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT trunc($1)::bigint $$;
CREATE OR REPLACE FUNCTION crm_reading.whole(bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT $1 $$;
CREATE OR REPLACE FUNCTION crm_reading.whole(text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT coalesce(substring($1 from '^\s*([+-]?[0-9]{1,18})')::bigint, 0) $$;
CREATE OR REPLACE FUNCTION crm_reading.told(anyelement) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT $1::text $$;
-- Half away from zero, as SQLite rounds.
CREATE OR REPLACE FUNCTION crm_reading.round(double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.round($1::numeric)::double precision $$;
CREATE OR REPLACE FUNCTION crm_reading.round(double precision, integer) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.round($1::numeric, $2)::double precision $$;

CREATE OR REPLACE FUNCTION crm_reading.join_commas(text, text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $2 IS NULL THEN $1
        WHEN $1 IS NULL THEN $2 ELSE $1 || ',' || $2 END $$;
CREATE OR REPLACE FUNCTION crm_reading.join_with(text, text, text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $2 IS NULL THEN $1
        WHEN $1 IS NULL THEN $2 ELSE $1 || $3 || $2 END $$;
CREATE OR REPLACE AGGREGATE crm_reading.group_concat(text)
    (sfunc = crm_reading.join_commas, stype = text);
CREATE OR REPLACE AGGREGATE crm_reading.group_concat(text, text)
    (sfunc = crm_reading.join_with, stype = text);
CREATE OR REPLACE FUNCTION crm_reading.printf(text, text, bigint, timestamptz) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT $2 || ' ' || lpad($3::text, 12, '0') || ' ' ||
        to_char($4 AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') $$;

CREATE OR REPLACE FUNCTION crm_reading.json_each(text) RETURNS TABLE (value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT json_array_elements($1::json)::text $$;
CREATE OR REPLACE FUNCTION crm_reading.json_extract(text, text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT $1::json ->> substr($2, 3) $$;
-- Old texts of SMS stay in the branch's own archive.
CREATE OR REPLACE FUNCTION crm_reading.archived_text(bigint, timestamptz) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ''::text $$;

-- What the office has chosen. `standings`: the person's tier, and what was told to the branch of its
-- customer; `told` NULL: nothing yet.
CREATE TABLE IF NOT EXISTS crm.chain_tiers (
    name text PRIMARY KEY,
    level bigint NOT NULL,
    top bigint CHECK (top BETWEEN 1 AND 10000),
    spent bigint CHECK (spent > 0),
    discount bigint NOT NULL DEFAULT 0 CHECK (discount BETWEEN 0 AND 10000),
    multiplier bigint NOT NULL DEFAULT 100 CHECK (multiplier BETWEEN 0 AND 10000),
    gift text NOT NULL DEFAULT '',
    active boolean NOT NULL DEFAULT true,
    CHECK ((top IS NULL) <> (spent IS NULL))
);
CREATE TABLE IF NOT EXISTS crm.standings (
    branch integer NOT NULL REFERENCES crm.branches,
    customer bigint NOT NULL,
    tier text NOT NULL DEFAULT '',
    since timestamptz NOT NULL,
    told jsonb,
    PRIMARY KEY (branch, customer)
);
-- Lost sales that were written into a file for the branch; they are lost no more once it has imported that.
CREATE TABLE IF NOT EXISTS crm.lost_files (
    branch integer NOT NULL REFERENCES crm.branches,
    epoch integer NOT NULL,
    digest text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (branch, epoch, digest)
);
CREATE TABLE IF NOT EXISTS crm.chain_promos (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    body jsonb NOT NULL,
    people bigint NOT NULL
);
