-- How much of what a branch says goes on to others. A branch can say what it likes of itself; what it makes
-- others take, look at and answer is bounded here, and nowhere else. What is beyond is put aside and told
-- (`odd`), is tried again by itself when there is room, and by whoever says so (`retake`). A STOP is honoured
-- always: only one that is said again, of who is stopped already, can wait. A fact `most_…` says another most.

-- What has gone from one branch to another (0: to all): of a day, or what is open (`day` is -infinity).
CREATE TABLE IF NOT EXISTS crm.traffic (
    branch integer NOT NULL REFERENCES crm.branches,
    other integer NOT NULL,
    what text NOT NULL,
    day date NOT NULL,
    rows bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (branch, other, what, day)
);

-- Numbers that a branch has and others have, too: one other one, or any (NULL); counted up to some thousands.
CREATE OR REPLACE FUNCTION crm.shared_numbers(own integer, other bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT count(*) FROM (SELECT 1 FROM crm.phones AS p WHERE p.branch = own AND NOT p.gone AND EXISTS
        (SELECT 1 FROM crm.phones AS o WHERE o.number = p.number AND NOT o.gone AND o.branch <> own
            AND (shared_numbers.other IS NULL OR o.branch = shared_numbers.other)) LIMIT 10000) AS few
$$;

CREATE OR REPLACE FUNCTION crm.most(own integer, what text, other bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT coalesce((SELECT f.value::bigint FROM crm.facts AS f WHERE f.name = 'most_' || most.what),
        CASE most.what
        -- Transfers, and lines of them, that are on the way to one branch: what people can still look at.
        WHEN 'transfers' THEN 200
        WHEN 'lines' THEN 20000
        -- Requests for points of one branch a day: each answers by itself, and writes to its customer.
        WHEN 'grant_requests' THEN greatest(50, crm.shared_numbers(own, most.other) / 20)
        -- Parts of a branch's stock, of 200 items each: four times as many as the greatest other one has.
        WHEN 'stock' THEN greatest(250, 4 * (SELECT max(parts) FROM (SELECT count(DISTINCT s.item_id / 200)
            AS parts FROM crm.stock AS s WHERE s.branch <> own AND NOT s.gone GROUP BY s.branch) AS o))
        -- STOPs a day of who is stopped already, and STOPs that are lifted.
        WHEN 'again' THEN 200
        WHEN 'lifts' THEN greatest(200, crm.shared_numbers(own, NULL) / 5)
        -- STOPs a day of numbers that others know, above which the office is told; all of them count.
        WHEN 'stops' THEN greatest(30, crm.shared_numbers(own, NULL) / 20)
        -- Epochs a day: a restore begins one. `office epoch` lets a branch begin so many again.
        WHEN 'epochs' THEN 20
        END)
$$;

-- Counts what goes on; what has gone by now.
CREATE OR REPLACE FUNCTION crm.count(own integer, what text, other bigint, rows bigint, day date)
RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, crm, pg_temp AS $$
    INSERT INTO crm.traffic AS t VALUES (own, count.other::integer, count.what, count.day, count.rows)
        ON CONFLICT (branch, other, what, day) DO UPDATE SET rows = greatest(0, t.rows + excluded.rows)
        RETURNING t.rows
$$;

CREATE OR REPLACE FUNCTION crm.today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE 'UTC')::date
$$;

-- The same, and raises where it is too much: CB010, with what is too much of in its detail.
CREATE OR REPLACE FUNCTION crm.count_bounded(own integer, what text, other bigint, rows bigint, day date,
    bounded boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    IF crm.count(own, what, other, rows, day) > crm.most(own, what, other) AND bounded THEN
        RAISE EXCEPTION 'too many' USING ERRCODE = 'CB010', DETAIL = what || '/' || other;
    END IF;
END $$;

-- ── what was put aside ───────────────────────────────────────────────────────────────────────────

-- Routes what was put aside, from its first row on; how many rows it looked at. `bounded`: as long as there
-- is room. What still does not fit stays, as what it is by now.
CREATE OR REPLACE FUNCTION crm.retake(number_ bigint, most integer, bounded boolean) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    aside crm.odd;
    id_ bigint;
    seen integer := 0;
    trouble text;
    tag text;
    state text;
BEGIN
    PERFORM crm.take_counter();
    DELETE FROM crm.odd AS o WHERE o.number = number_ RETURNING * INTO aside;
    IF NOT FOUND OR aside.ledger NOT IN (SELECT l.name FROM crm.ledgers AS l) THEN
        -- Stock and points come by themselves at the next change.
        RETURN 0;
    END IF;
    FOR id_ IN SELECT * FROM crm.next_rows(aside.branch, aside.epoch, aside.ledger, aside.id - 1, most)
    LOOP
        EXIT WHEN id_ > coalesce(aside.upto, aside.id);
        BEGIN
            PERFORM crm.route_row(aside.branch, aside.epoch, aside.ledger, id_, bounded);
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS trouble = MESSAGE_TEXT, tag = PG_EXCEPTION_DETAIL, state = RETURNED_SQLSTATE;
            IF state = 'CB010' AND tag = aside.limited THEN
                -- It waits on, with those behind it.
                aside.id := id_;
                aside.rows := greatest(1, aside.rows - seen);
                INSERT INTO crm.odd SELECT aside.*;
                RETURN seen + 1;
            ELSIF state <> 'CB010' THEN
                PERFORM crm.put_aside(aside.branch, aside.epoch, aside.ledger, id_, trouble);
            END IF;
        END;
        seen := seen + 1;
    END LOOP;
    IF seen >= most AND id_ < coalesce(aside.upto, aside.id) THEN
        aside.id := id_ + 1;
        aside.rows := greatest(1, aside.rows - seen);
        INSERT INTO crm.odd SELECT aside.*;
    END IF;
    RETURN seen;
END $$;
