-- What the head office keeps of its branches, and the functions that are all a branch may call.
-- Run at each `office init`, by the owner of the database; every statement may run again.
--
-- Errors, by SQLSTATE: CB001 closed epoch · CB002 another shop · CB003 marks differ · CB004 branch closed
-- CB005 too old · CB006 not enrolled · CB007 too many epochs

CREATE SCHEMA IF NOT EXISTS crm;

-- Functions that gave something else before, or took something else.
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_proc WHERE oid = to_regprocedure('crm.reached(bigint, bigint)')
        AND prorettype = 'void'::regtype) THEN
        DROP FUNCTION crm.reached(bigint, bigint);
        DROP FUNCTION crm.route(integer);
        DROP FUNCTION crm.note_stops(integer, bigint);
        DROP FUNCTION crm.route_row(integer, integer, text, bigint);
        DROP FUNCTION crm.route_ledger(integer, integer, text, bigint);
        DROP FUNCTION crm.route_points(integer, integer, bigint);
        DROP FUNCTION crm.route_phones(integer, integer, bigint, bigint);
        DROP FUNCTION crm.send_once(integer, text, text, jsonb);
    END IF;
END $$;

-- What is said once of this office: `version` and `oldest` of the protocol, `lineage`.
CREATE TABLE IF NOT EXISTS crm.facts (name text PRIMARY KEY, value text NOT NULL);

-- `role` is the one of its newest enrolment; `shop` the identity of its store, from its first
-- hello on. `skew`: how far the branch's clock was ahead of ours at its last hello.
CREATE TABLE IF NOT EXISTS crm.branches (
    branch integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    role name UNIQUE,
    shop text,
    forked_from integer REFERENCES crm.branches,
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    version integer,
    seen_at timestamptz,
    skew interval,
    cursor bigint NOT NULL DEFAULT 0,
    behind bigint,
    alarm bigint NOT NULL DEFAULT 500000
);

-- Each epoch sends all rows that change once more: those of older epochs than this one the branch lost when it
-- was restored.
ALTER TABLE crm.branches ADD COLUMN IF NOT EXISTS since integer NOT NULL DEFAULT 0;

-- A branch is told that it closes, by the row `closing_seq` of what goes down; when it has that, and sent
-- the rest, it is closed.
ALTER TABLE crm.branches ADD COLUMN IF NOT EXISTS closing_at timestamptz;
ALTER TABLE crm.branches ADD COLUMN IF NOT EXISTS closing_seq bigint;

-- `role` is the CN of the certificate (PEM), and signs in with nothing else.
CREATE TABLE IF NOT EXISTS crm.certificates (
    role name PRIMARY KEY,
    branch integer NOT NULL REFERENCES crm.branches,
    certificate text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

-- `common`: by ledger, the highest number that this epoch shares with the one before it: that is `after`, or the
-- one whose number comes before; with `asked`, also with others, by rows that are the same: `LEDGER@` holds the last one. `lives` (`crm.cut`): by ledger, up to which
-- number its rows are of the branch's history of today; NULL: all of them.
CREATE TABLE IF NOT EXISTS crm.epochs (
    branch integer NOT NULL REFERENCES crm.branches,
    epoch integer NOT NULL,
    began_at timestamptz,
    received_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    common jsonb NOT NULL DEFAULT '{}',
    why text NOT NULL DEFAULT '',
    PRIMARY KEY (branch, epoch)
);
ALTER TABLE crm.epochs ADD COLUMN IF NOT EXISTS lives jsonb;
CREATE UNIQUE INDEX IF NOT EXISTS epochs_open ON crm.epochs (branch) WHERE ended_at IS NULL;

CREATE TABLE IF NOT EXISTS crm.marks (
    branch integer NOT NULL,
    epoch integer NOT NULL,
    ledger text NOT NULL,
    last bigint NOT NULL,
    digest bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (branch, epoch, ledger),
    FOREIGN KEY (branch, epoch) REFERENCES crm.epochs
);

-- Which ledgers there are, and the columns by which a row is known within its branch and epoch.
-- `free`: columns out of which a person may be taken.
CREATE TABLE IF NOT EXISTS crm.ledgers (
    name text PRIMARY KEY,
    keys text[] NOT NULL,
    free text[] NOT NULL DEFAULT '{}'
);

-- How much came from whom, by the office's own days (UTC).
CREATE TABLE IF NOT EXISTS crm.days (
    branch integer NOT NULL REFERENCES crm.branches,
    day date NOT NULL,
    rows bigint NOT NULL DEFAULT 0,
    hellos bigint NOT NULL DEFAULT 0,
    skew interval,
    PRIMARY KEY (branch, day)
);

-- What goes down: to one branch, or to all (NULL).
CREATE TABLE IF NOT EXISTS crm.downs_of (
    seq bigint PRIMARY KEY,
    branch integer REFERENCES crm.branches,
    kind text NOT NULL,
    key text NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS downs_of_branch ON crm.downs_of (branch, seq);
-- One row: the last number given. Whoever gives the next one holds it until the end of its transaction, so
-- that numbers become visible in their order. No advisory lock: those anybody may take.
CREATE TABLE IF NOT EXISTS crm.counter (one boolean PRIMARY KEY CHECK (one), last bigint NOT NULL);
INSERT INTO crm.counter VALUES (true, 0) ON CONFLICT DO NOTHING;

-- ── who asks ─────────────────────────────────────────────────────────────────────────────────────

-- The branch of the session: the number in its role's name (…_branch_17, …_branch_17_2 after its second
-- enrolment); for whoever is no branch (files that the office takes in)
-- the one that crm.acting_for names. Without a look into a table, for it stands behind each row of COPY.
CREATE OR REPLACE FUNCTION crm.me() RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN position('_branch_' IN session_user::text) > 0
        THEN split_part(split_part(session_user::text, '_branch_', 2), '_', 1)
        ELSE nullif(current_setting('crm.acting_for', true), '') END::integer
$$;

CREATE OR REPLACE FUNCTION crm.member() RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer := crm.me();
    closed timestamptz;
BEGIN
    SELECT closed_at INTO closed FROM crm.branches AS b WHERE b.branch = own
        AND (b.role = session_user OR position('_branch_' IN session_user::text) = 0);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not enrolled' USING ERRCODE = 'CB006';
    END IF;
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'the branch is closed' USING ERRCODE = 'CB004';
    END IF;
    RETURN own;
END $$;

-- Before and after each COPY into a ledger or versions: only open branches, and what they send is counted.
CREATE OR REPLACE FUNCTION crm.guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer;
    written bigint;
BEGIN
    -- The office itself, in the name of a branch that is closed (closing.sql).
    IF crm.me() IS NULL THEN
        RETURN NULL;
    END IF;
    own := crm.member();
    SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(relid)), 0) INTO written
        FROM pg_partition_tree(TG_RELID) WHERE isleaf;
    INSERT INTO crm.days AS d (branch, day, rows)
        VALUES (own, (now() AT TIME ZONE 'UTC')::date,
                CASE TG_WHEN WHEN 'BEFORE' THEN -written ELSE written END)
        ON CONFLICT (branch, day) DO UPDATE SET rows = d.rows + excluded.rows;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION crm.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- `crm.blot` sets it; whoever else may change these tables owns them.
    IF TG_OP = 'UPDATE' AND current_setting('crm.blotting', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- ── what a branch may call ───────────────────────────────────────────────────────────────────────

-- Which history of the office this is: another one after it was restored.
CREATE OR REPLACE FUNCTION crm.lineage() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT concat_ws('-', (SELECT system_identifier FROM pg_control_system()),
        (SELECT timeline_id FROM pg_control_checkpoint()),
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        'crm.downs_of'::regclass::oid, (SELECT value FROM crm.facts WHERE name = 'lineage'))
$$;

-- Ends sessions of branches that keep a transaction open for `held_minutes` (15): one must not hold up
-- what all the others wait for.
CREATE OR REPLACE FUNCTION crm.sweep() RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))::integer
    FROM pg_stat_activity JOIN crm.branches ON role = usename
    WHERE xact_start < now() - make_interval(mins => coalesce((SELECT value::integer FROM crm.facts
            WHERE name = 'held_minutes'), 15)) AND pid <> pg_backend_pid()
        AND datname = current_database()
$$;

CREATE OR REPLACE FUNCTION crm.hello(shop text, version integer, oldest integer, at timestamptz)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer := crm.member();
    mine crm.branches;
    ours integer := (SELECT value FROM crm.facts WHERE name = 'version');
    least integer := (SELECT value FROM crm.facts WHERE name = 'oldest');
    ahead interval := hello.at - clock_timestamp();
BEGIN
    -- A clock of no moment would make a lead that nobody can compute with.
    IF hello.shop IS NULL OR octet_length(hello.shop) > 200 OR NOT isfinite(hello.at) THEN
        RAISE EXCEPTION 'no shop is called so' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF hello.version < least OR hello.oldest > ours THEN
        RAISE EXCEPTION 'versions do not fit: branch %, office %', hello.version, ours
            USING ERRCODE = 'CB005', DETAIL = CASE WHEN hello.version < least THEN 'branch' ELSE 'office' END;
    END IF;
    -- A line that was cut without a word leaves a session that holds what this one is about to lock. A
    -- branch has one program, so an older transaction of its role is such a one.
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE usename = session_user AND position('_branch_' IN usename::text) > 0
            AND xact_start IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database();
    -- NO KEY, here and wherever a branch is locked: whoever holds the counter writes rows that refer to branches.
    SELECT * INTO mine FROM crm.branches AS b WHERE b.branch = own FOR NO KEY UPDATE;
    IF mine.shop <> hello.shop THEN
        RAISE EXCEPTION 'another shop uses this branch' USING ERRCODE = 'CB002';
    END IF;
    PERFORM crm.sweep();
    -- How far another program was says nothing of this one: an older one may have spent on since.
    UPDATE crm.branches AS b SET shop = hello.shop, version = hello.version, skew = ahead,
        behind = CASE WHEN b.version = hello.version THEN b.behind END,
        seen_at = clock_timestamp() WHERE b.branch = own;
    INSERT INTO crm.days AS d (branch, day, hellos, skew)
        VALUES (own, (now() AT TIME ZONE 'UTC')::date, 1, ahead)
        ON CONFLICT (branch, day) DO UPDATE SET hellos = d.hellos + 1,
            skew = CASE WHEN greatest(ahead, -ahead) > greatest(d.skew, -d.skew)
                        THEN ahead ELSE coalesce(d.skew, ahead) END;
    DELETE FROM crm.traffic AS t WHERE t.branch = own AND t.day > '-infinity' AND t.day < now() - interval '8 days';
    RETURN jsonb_build_object(
        'branch', own, 'name', mine.name, 'lineage', crm.lineage(), 'now', clock_timestamp(),
        'version', ours, 'oldest', least, 'forked_from', mine.forked_from,
        'cursor', mine.cursor,
        'open_epoch', (SELECT e.epoch FROM crm.epochs AS e WHERE e.branch = own AND e.ended_at IS NULL),
        'epochs', (SELECT coalesce(jsonb_object_agg(e.epoch, e.common), '{}') FROM crm.epochs AS e
                   WHERE e.branch = own),
        -- All epochs in which a row of its history can stand: its own, and those of what it is a copy of.
        'held', (WITH RECURSIVE line(whose) AS (VALUES (own) UNION SELECT b.forked_from FROM crm.branches AS b
                     JOIN line ON b.branch = line.whose WHERE b.forked_from IS NOT NULL)
                 SELECT coalesce(jsonb_agg(DISTINCT e.epoch), '[]') FROM crm.epochs AS e
                     JOIN line ON e.branch = line.whose),
        'marks', (SELECT coalesce(jsonb_object_agg(m.epoch || '/' || m.ledger,
                      jsonb_build_array(m.last, encode(m.digest, 'hex'))), '{}')
                  FROM crm.marks AS m WHERE m.branch = own));
END $$;

-- Ends the open epoch. Once more with the same number changes nothing: the answer may have been lost.
CREATE OR REPLACE FUNCTION crm.begin_epoch(epoch integer, began_at timestamptz, common jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer := crm.member();
    last crm.epochs;
BEGIN
    -- Numbers by ledger: whoever reads this branch's rows, for others too, computes with them.
    IF jsonb_typeof(begin_epoch.common) IS DISTINCT FROM 'object' OR EXISTS (
        SELECT 1 FROM jsonb_each_text(begin_epoch.common) AS c WHERE coalesce(c.value, '') !~ '^[0-9]{1,18}$') THEN
        RAISE EXCEPTION 'what two epochs share is numbers' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF octet_length(begin_epoch.common::text) > 10000 OR begin_epoch.epoch NOT BETWEEN 1 AND 1000000 THEN
        RAISE EXCEPTION 'no epoch of a store' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM 1 FROM crm.branches AS b WHERE b.branch = own FOR NO KEY UPDATE;
    SELECT * INTO last FROM crm.epochs AS e WHERE e.branch = own ORDER BY e.epoch DESC LIMIT 1;
    IF last.epoch = begin_epoch.epoch AND last.ended_at IS NULL
        AND last.common = begin_epoch.common THEN
        RETURN;
    END IF;
    IF last.epoch >= begin_epoch.epoch THEN
        RAISE EXCEPTION 'epoch % is not after %', begin_epoch.epoch, last.epoch
            USING ERRCODE = 'CB001';
    END IF;
    IF crm.count(own, 'epochs', 0, 1, crm.today()) > crm.most(own, 'epochs', 0) THEN
        RAISE EXCEPTION 'too many epochs' USING ERRCODE = 'CB007';
    END IF;
    UPDATE crm.epochs AS e SET ended_at = now() WHERE e.branch = own AND e.ended_at IS NULL;
    -- How far the store before it was says nothing of this one.
    UPDATE crm.branches AS b SET behind = NULL WHERE b.branch = own;
    INSERT INTO crm.epochs (branch, epoch, began_at, common)
        VALUES (own, begin_epoch.epoch, begin_epoch.began_at, begin_epoch.common);
END $$;

-- Moves one mark from `from_` to `to_`: exactly one, else all that was copied before it is rolled back.
-- `old`: the digest at `from_`, '' where the epoch has no mark of the ledger yet (`from_` is then what its
-- epoch has in common with the one before, or 0). A closed epoch still takes what the next one shares.
CREATE OR REPLACE FUNCTION crm.advance(
    epoch integer, ledger text, from_ bigint, to_ bigint, old bytea, new bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer := crm.member();
    mine crm.epochs;
    most bigint;
BEGIN
    SELECT * INTO mine FROM crm.epochs AS e WHERE e.branch = own AND e.epoch = advance.epoch FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no epoch %', advance.epoch USING ERRCODE = 'CB001';
    END IF;
    IF mine.ended_at IS NOT NULL THEN
        SELECT coalesce((e.common ->> advance.ledger)::bigint, 0) INTO most FROM crm.epochs AS e
            WHERE e.branch = own AND e.epoch > advance.epoch ORDER BY e.epoch LIMIT 1;
        IF most IS NULL OR to_ > most THEN
            RAISE EXCEPTION 'epoch % is closed', advance.epoch USING ERRCODE = 'CB001';
        END IF;
    END IF;
    -- Whoever says hello reads all of them.
    IF octet_length(new) > 64 THEN
        RAISE EXCEPTION 'no digest' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE crm.marks AS m SET last = to_, digest = new, at = clock_timestamp()
        WHERE m.branch = own AND m.epoch = advance.epoch AND m.ledger = advance.ledger
            AND m.last = from_ AND m.digest = old AND to_ >= from_;
    IF NOT FOUND THEN
        INSERT INTO crm.marks (branch, epoch, ledger, last, digest)
            SELECT own, advance.epoch, advance.ledger, to_, new
            WHERE old = '' AND to_ >= from_
                AND from_ = coalesce((mine.common ->> advance.ledger)::bigint, 0)
                AND (advance.ledger = 'versions'
                     OR EXISTS (SELECT 1 FROM crm.ledgers AS l WHERE l.name = advance.ledger))
            ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the mark of % is elsewhere', advance.ledger USING ERRCODE = 'CB003';
        END IF;
    END IF;
END $$;

-- Whether the office holds exactly this row of a ledger, of this branch or of one that it is a copy of:
-- by it a branch finds the last row that two histories have in common.
CREATE OR REPLACE FUNCTION crm.holds(ledger text, epoch integer, row_ jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer := crm.member();
    known text[] := (SELECT keys FROM crm.ledgers AS l WHERE l.name = holds.ledger);
    loose text[] := (SELECT free || '{branch,epoch}' FROM crm.ledgers AS l WHERE l.name = holds.ledger);
    found_ boolean;
BEGIN
    IF known IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format(
        'WITH RECURSIVE mine(branch) AS (VALUES ($1) UNION SELECT b.forked_from FROM crm.branches AS b'
        ' JOIN mine ON b.branch = mine.branch WHERE b.forked_from IS NOT NULL)'
        ' SELECT EXISTS (SELECT 1 FROM crm.%1$I AS t, jsonb_populate_record(NULL::crm.%1$I, $3) AS r'
        ' WHERE t.branch IN (SELECT branch FROM mine) AND t.epoch = $2 AND %2$s'
        ' AND to_jsonb(t) - $4 = to_jsonb(r) - $4)',
        ledger, (SELECT string_agg(format('t.%1$I = r.%1$I', key), ' AND ') FROM unnest(known) AS key))
        INTO found_ USING own, epoch, row_, loose;
    RETURN found_;
END $$;

-- Takes a person out of a row of a ledger of this branch: its free texts become those of `row_`, if these
-- are empty or have the mark of what was taken out, and are no longer than they were: what others get of them
-- was measured then. Everything else must be the same.
CREATE OR REPLACE FUNCTION crm.blot(ledger text, row_ jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer := crm.member();
    known text[];
    loose text[];
BEGIN
    SELECT keys, free INTO known, loose FROM crm.ledgers AS l WHERE l.name = blot.ledger;
    IF coalesce(cardinality(loose), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM set_config('crm.blotting', 'on', true);
    EXECUTE format(
        'UPDATE crm.%1$I AS t SET %2$s FROM jsonb_populate_record(NULL::crm.%1$I, $2) AS r'
        ' WHERE t.branch = $1 AND %3$s AND to_jsonb(t) - $3 = to_jsonb(r) - $3',
        ledger,
        (SELECT string_agg(format('%1$I = CASE WHEN (r.%1$I = '''' OR strpos(r.%1$I, ''…'') > 0)'
                                  ' AND length(r.%1$I) <= length(t.%1$I) THEN r.%1$I ELSE t.%1$I END', f), ', ')
            FROM unnest(loose) AS f),
        (SELECT string_agg(format('t.%1$I = r.%1$I', k), ' AND ') FROM unnest(known) AS k))
        USING own, row_, loose || '{branch,epoch}';
    PERFORM set_config('crm.blotting', 'off', true);
    -- What goes on to others of it, or waits to.
    IF blot.ledger = 'transfers' THEN
        UPDATE crm.downs_of AS d SET body = jsonb_set(d.body, '{note}', to_jsonb(t.note)) FROM crm.transfers AS t
            WHERE t.branch = own AND t.id = (row_ ->> 'id')::bigint AND d.kind = 'transfer'
                AND d.key = format('%s/%s/%s', t.branch, t.epoch, t.id) AND d.body ->> 'note' <> t.note;
    ELSIF blot.ledger = 'transfer_receipts' THEN
        UPDATE crm.downs_of AS d SET body = jsonb_set(d.body, '{note}', to_jsonb(t.note))
            FROM crm.transfer_receipts AS t
            WHERE t.branch = own AND t.id = (row_ ->> 'id')::bigint AND d.kind = 'transfer_receipt'
                AND d.key = format('%s/%s/%s', t.from_branch, t.from_epoch, t.from_id)
                AND (d.body ->> 'by')::bigint = own AND d.body ->> 'note' <> t.note;
    END IF;
END $$;

-- Rows for the branch behind a number, at most so many (NULL: all), and no more at once than a small computer
-- has room for, however long what others wrote is: those before which there are less than 2 MB.
CREATE OR REPLACE FUNCTION crm.downs(after bigint, most integer)
RETURNS TABLE (seq bigint, kind text, key text, body jsonb, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer := crm.member();
BEGIN
    RETURN QUERY SELECT f.seq, f.kind, f.key, f.body, f.at FROM (
        SELECT d.*, sum(octet_length(d.body::text)) OVER (ORDER BY d.seq) - octet_length(d.body::text) AS before
        FROM (
            (SELECT d.* FROM crm.downs_of AS d
             WHERE d.branch = own AND d.seq > downs.after ORDER BY d.seq LIMIT most)
            UNION ALL
            (SELECT d.* FROM crm.downs_of AS d
             WHERE d.branch IS NULL AND d.seq > downs.after ORDER BY d.seq LIMIT most)
            ORDER BY 1 LIMIT most) AS d) AS f
        WHERE most IS NULL OR f.before < 2000000 ORDER BY f.seq;
END $$;

-- The end of a round; whether there is more of what the branch sent that has to go on to others: then it is
-- called once more.
CREATE OR REPLACE FUNCTION crm.reached(cursor bigint, behind bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer := crm.member();
BEGIN
    UPDATE crm.branches AS b SET cursor = reached.cursor, behind = reached.behind,
        seen_at = clock_timestamp() WHERE b.branch = own;
    IF reached.behind = 0 THEN
        PERFORM crm.note_whole(own);
    END IF;
    RETURN crm.route(own);
END $$;

-- ── what only the office may call ────────────────────────────────────────────────────────────────

-- Says of each epoch of a branch how far it is of the history of today, ledger by ledger. A store that was restored
-- twice may go on from an epoch that is not the one before: what is between them is none of its history. What was
-- asked for goes on from the epoch that holds the last row (`LEDGER@`); an older program did not say which.
CREATE OR REPLACE FUNCTION crm.cut(own integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    each crm.epochs;
    ledger text;
    newest integer := (SELECT max(e.epoch) FROM crm.epochs AS e WHERE e.branch = own);
    -- The next one of the history, going back, and how far rows before what was looked at are of it.
    wanted bigint;
    most bigint;
    asked boolean;
BEGIN
    UPDATE crm.epochs AS e SET lives = CASE WHEN e.epoch < newest THEN '{}'::jsonb END WHERE e.branch = own;
    -- An older office took whatever a branch said.
    FOR ledger IN SELECT l.name FROM crm.ledgers AS l WHERE EXISTS (SELECT 1 FROM crm.epochs AS e
        WHERE e.branch = own AND jsonb_typeof(e.common) = 'object' AND e.common ? l.name)
    LOOP
        wanted := newest;
        most := NULL;
        asked := false;
        FOR each IN SELECT * FROM crm.epochs AS e WHERE e.branch = own ORDER BY e.epoch DESC LOOP
            IF each.epoch < newest AND (asked OR each.epoch = wanted) THEN
                UPDATE crm.epochs AS e SET lives = e.lives || jsonb_build_object(ledger, most)
                    WHERE e.branch = own AND e.epoch = each.epoch;
            END IF;
            CONTINUE WHEN each.epoch <> wanted;
            most := least(most, coalesce(substring(each.common ->> ledger FROM '^[0-9]{1,18}$')::bigint, 0));
            wanted := substring(each.common ->> (ledger || '@') FROM '^[0-9]{1,18}$')::bigint;
            IF wanted IS NULL THEN
                asked := asked OR coalesce(each.common ? 'asked', false);
                wanted := coalesce(substring(each.common ->> 'after' FROM '^[0-9]{1,18}$')::bigint,
                    (SELECT max(e.epoch) FROM crm.epochs AS e WHERE e.branch = own AND e.epoch < each.epoch));
            END IF;
        END LOOP;
    END LOOP;
END $$;

-- All that the branch has in its open epoch has come.
CREATE OR REPLACE FUNCTION crm.note_whole(own integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    UPDATE crm.branches AS b SET since = e.epoch FROM crm.epochs AS e
        WHERE b.branch = own AND e.branch = own AND e.ended_at IS NULL AND e.epoch > b.since;
    IF FOUND THEN
        -- What others were told of items that it lost is told anew.
        INSERT INTO crm.stock_due SELECT DISTINCT own, s.item_id / 200 FROM crm.stock AS s
            JOIN crm.branches AS b USING (branch)
            WHERE s.branch = own AND NOT s.gone AND s.epoch < b.since ON CONFLICT DO NOTHING;
    END IF;
END $$;

-- Takes the counter until the end of the transaction. All branches wait for it, and none needs it for long: one
-- that keeps it is put out, whatever it has set for its session. So long (seconds) it may sit idle; ten times as
-- long it may work.
CREATE OR REPLACE FUNCTION crm.take_counter() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    patience constant interval := make_interval(secs => coalesce((SELECT value::integer FROM crm.facts
        WHERE name = 'counter_seconds'), 6));
BEGIN
    PERFORM set_config('crm.counting', txid_current()::text, true);
    BEGIN
        PERFORM 1 FROM crm.counter FOR UPDATE NOWAIT;
        RETURN;
    EXCEPTION WHEN lock_not_available THEN
        PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity AS a JOIN crm.branches AS b ON b.role = a.usename
            WHERE a.pid <> pg_backend_pid() AND a.datname = current_database() AND a.pid IN (SELECT l.pid
                    FROM pg_locks AS l WHERE l.relation = 'crm.counter'::regclass AND l.granted)
                AND (a.xact_start < clock_timestamp() - 10 * patience
                    OR a.state LIKE 'idle in transaction%' AND a.state_change < clock_timestamp() - patience);
    END;
    PERFORM 1 FROM crm.counter FOR UPDATE;
END $$;

-- Gives a row its number and sends it down; `branch` NULL: to all. A branch looks at no row that is too long.
CREATE OR REPLACE FUNCTION crm.send(branch integer, kind text, key text, body jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    given bigint;
BEGIN
    IF octet_length(send.body::text) > 1000000 THEN
        RAISE EXCEPTION 'too long';
    END IF;
    IF current_setting('crm.counting', true) IS DISTINCT FROM txid_current()::text THEN
        PERFORM crm.take_counter();
    END IF;
    UPDATE crm.counter SET last = last + 1 RETURNING last INTO given;
    INSERT INTO crm.downs_of VALUES (given, send.branch, send.kind, send.key, send.body);
    RETURN given;
END $$;
