-- How far the rows of each branch were routed, and what goes on next. Run behind routing.sql.

-- The next numbers of a ledger behind `after`, in their order.
CREATE OR REPLACE FUNCTION crm.next_rows(own integer, epoch_ integer, ledger text, after bigint,
    most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    IF ledger = 'consent_lifts' THEN
        RETURN QUERY SELECT l.consent_id * 1000 + l.line FROM crm.consent_lifts AS l
            WHERE l.branch = own AND l.epoch = epoch_ AND l.consent_id >= after / 1000
                AND l.consent_id * 1000 + l.line > after ORDER BY 1 LIMIT most;
    ELSE
        RETURN QUERY EXECUTE format('SELECT t.id FROM crm.%I AS t WHERE t.branch = $1 AND t.epoch = $2'
            ' AND t.id > $3 ORDER BY t.id LIMIT $4', ledger) USING own, epoch_, after, most;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION crm.note_routed(own integer, epoch_ integer, ledger_ text, last_ bigint)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, crm, pg_temp AS $$
    INSERT INTO crm.routed AS r (branch, epoch, ledger, last) VALUES (own, epoch_, ledger_, last_)
        ON CONFLICT (branch, epoch, ledger) DO UPDATE SET last = excluded.last, at = now()
$$;

-- What follows routes at most so many rows (`most`) and gives how many it looked at, so that nobody holds
-- the counter for long (`route`).

-- One ledger of a branch and epoch, as far as it is whole.
CREATE OR REPLACE FUNCTION crm.route_ledger(own integer, epoch_ integer, ledger_ text, after bigint,
    most integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    done bigint := after;
    seen integer := 0;
    id_ bigint;
    trouble text;
    tag text;
    state text;
BEGIN
    FOR id_ IN SELECT * FROM crm.next_rows(own, epoch_, ledger_, after, most)
    LOOP
        -- Its lines come behind it, and may come later.
        EXIT WHEN NOT crm.whole(ledger_, own, epoch_, id_);
        BEGIN
            PERFORM crm.route_row(own, epoch_, ledger_, id_, true);
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS trouble = MESSAGE_TEXT, tag = PG_EXCEPTION_DETAIL, state = RETURNED_SQLSTATE;
            PERFORM crm.put_aside(own, epoch_, ledger_, id_, trouble,
                CASE state WHEN 'CB010' THEN tag ELSE '' END);
        END;
        done := id_;
        seen := seen + 1;
    END LOOP;
    IF done > after THEN
        PERFORM crm.note_routed(own, epoch_, ledger_, done);
    END IF;
    RETURN seen;
END $$;

-- Points that moved: whoever else knows the number is told how many there are now.
CREATE OR REPLACE FUNCTION crm.route_points(own integer, epoch_ integer, after bigint, most integer)
RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    number_ text;
    last_ bigint;
    seen integer;
BEGIN
    SELECT max(id), count(*) INTO last_, seen FROM (SELECT m.id FROM crm.point_moves AS m
        WHERE m.branch = own AND m.epoch = epoch_ AND m.id > after ORDER BY m.id LIMIT most) AS few;
    IF last_ IS NULL THEN
        RETURN 0;
    END IF;
    FOR number_ IN
        SELECT DISTINCT n.number FROM crm.point_moves AS m
            JOIN crm.point_lots AS l ON l.branch = own AND l.id = m.lot_id
            CROSS JOIN LATERAL crm.numbers_of(own, l.customer_id) AS n(number)
        WHERE m.branch = own AND m.epoch = epoch_ AND m.id > after AND m.id <= last_
            AND EXISTS (SELECT 1 FROM crm.phones AS p WHERE p.number = n.number AND NOT p.gone
                AND p.branch <> own)
    LOOP
        PERFORM crm.tell_points(own, number_);
    END LOOP;
    PERFORM crm.note_routed(own, epoch_, 'point_moves', last_);
    RETURN seen;
END $$;

-- Numbers that are new at a branch: it is told what others know of them, and they what it has.
CREATE OR REPLACE FUNCTION crm.route_phones(own integer, epoch_ integer, after bigint, upto bigint,
    most integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    new_ record;
    other integer;
    done bigint;
    seen integer := 0;
    trouble text;
BEGIN
    FOR new_ IN SELECT p.number, p.customer_id, p.version, p.gone FROM crm.phones AS p
        WHERE p.branch = own AND p.epoch = epoch_ AND p.version > after ORDER BY p.version LIMIT most
    LOOP
        done := new_.version;
        seen := seen + 1;
        CONTINUE WHEN new_.gone;
        PERFORM crm.note_stops(own, new_.customer_id);
        IF EXISTS (SELECT 1 FROM crm.phones AS p WHERE p.number = new_.number AND NOT p.gone
            AND p.branch <> own) THEN
            PERFORM crm.tell_stops(ARRAY[new_.number]);
            PERFORM crm.tell_points(own, new_.number);
            FOR other IN SELECT p.branch FROM crm.phones AS p WHERE p.number = new_.number
                AND NOT p.gone AND p.branch <> own
            LOOP
                BEGIN
                    PERFORM crm.tell_points(other, new_.number);
                EXCEPTION WHEN OTHERS THEN
                    -- What that one sent is odd: it holds up nobody who has the same number.
                    GET STACKED DIAGNOSTICS trouble = MESSAGE_TEXT;
                    PERFORM crm.put_aside(other, crm.epoch_after(other), 'points', 0, trouble);
                END;
            END LOOP;
        END IF;
    END LOOP;
    PERFORM crm.note_routed(own, epoch_, 'phones', CASE WHEN seen < most THEN upto ELSE done END);
    RETURN seen;
END $$;

-- Parts of a branch's stock that changed and are still to be told: some hundred items each.
CREATE TABLE IF NOT EXISTS crm.stock_due (
    branch integer NOT NULL REFERENCES crm.branches,
    part bigint NOT NULL,
    PRIMARY KEY (branch, part)
);
-- It told all parts in one go before.
DROP FUNCTION IF EXISTS crm.route_stock(integer, integer, bigint, bigint);

-- Which parts are to be told now. At most once in `stock_minutes` (5), and only in chains of up to
-- `stock_branches` (50) open branches, for all of them get all of it. Nobody else waits for this.
CREATE OR REPLACE FUNCTION crm.note_stock(own integer, epoch_ integer, after bigint, upto bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    DELETE FROM crm.odd AS o WHERE o.branch = own AND o.ledger = 'stock';
    INSERT INTO crm.stock_due SELECT DISTINCT own, s.item_id / 200 FROM crm.stock AS s WHERE s.branch = own
        AND s.epoch = epoch_ AND s.version > after AND NOT s.gone ON CONFLICT DO NOTHING;
    PERFORM crm.note_routed(own, epoch_, 'stock', upto);
END $$;

-- What a branch has on its shelves, to all others: a row a part, each of which takes the place of the one
-- before; at most so many of them.
CREATE OR REPLACE FUNCTION crm.route_stock(own integer, most_parts integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    size constant integer := 200;
    most constant bigint := crm.most(own, 'stock', 0);
    epoch_ constant integer := crm.epoch_after(own);
    since_ constant integer := (SELECT b.since FROM crm.branches AS b WHERE b.branch = own);
    -- Not by the order of letters, which is the database's own.
    known bigint := (SELECT count(*) FROM crm.downs_of AS d WHERE d.kind = 'stock' AND d.branch IS NULL
        AND starts_with(d.key, own || '/'));
    part bigint;
BEGIN
    FOR part IN DELETE FROM crm.stock_due AS d WHERE d.branch = own AND d.part IN (SELECT p.part
            FROM crm.stock_due AS p WHERE p.branch = own ORDER BY p.part LIMIT most_parts) RETURNING d.part
    LOOP
        -- What is told takes the place of what was told of the same items.
        IF NOT EXISTS (SELECT 1 FROM crm.downs_of AS d WHERE d.kind = 'stock' AND d.key = own || '/' || part)
        THEN
            IF known >= most THEN
                PERFORM crm.put_aside(own, epoch_, 'stock', part, 'too many', 'stock/0');
                CONTINUE;
            END IF;
            known := known + 1;
        END IF;
        PERFORM crm.send_latest(NULL, 'stock', own || '/' || part, jsonb_build_object(
            'branch', own, 'at', crm.iso(clock_timestamp()),
            'items', coalesce(jsonb_agg(jsonb_build_array(i.code, CASE WHEN i.active = 1 AND i.epoch >= since_
                THEN least(greatest(0, s.on_hand::numeric - s.reserved), 1000000000000) ELSE 0 END)
                ORDER BY i.id), '[]')))
        FROM crm.stock AS s JOIN crm.items AS i ON i.branch = own AND i.key = s.key AND NOT i.gone
        WHERE s.branch = own AND NOT s.gone AND s.item_id >= part * size
            AND s.item_id < (part + 1) * size AND length(i.code) <= 40
            -- Of what is off sale, or was lost with a restore, others are told that there is none.
            AND (i.epoch >= since_ OR NOT EXISTS (SELECT 1 FROM crm.items AS o WHERE o.branch = own
                AND o.code_key = i.code_key AND NOT o.gone AND o.epoch >= since_));
    END LOOP;
END $$;

-- Whether a STOP has been told by now that a START lifted which lies aside: an office that was put back hears of the
-- START first, and of the STOP when the branch where it was said has met it.
CREATE OR REPLACE FUNCTION crm.can_lift(aside crm.odd) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM (SELECT l.* FROM crm.consent_lifts AS l
            WHERE (l.branch, l.epoch) = (aside.branch, aside.epoch)
                AND l.consent_id >= aside.id / 1000 AND l.consent_id * 1000 + l.line
                    BETWEEN aside.id AND coalesce(aside.upto, aside.id)
            ORDER BY l.consent_id, l.line LIMIT 200) AS few
        WHERE few.of_branch <> 0 AND crm.knows_stop(aside.branch, few.of_branch, few.of_epoch, few.of_id)
            AND NOT EXISTS (SELECT 1 FROM crm.lifts AS d
                WHERE (d.branch, d.epoch, d.id) = (few.of_branch, few.of_epoch, few.of_id)))
$$;

-- Routes what came of a branch and was not routed, some of it; whether there is more. Nothing is locked where
-- there is nothing, and the counter no longer than some hundred rows take: all branches wait for it.
CREATE OR REPLACE FUNCTION crm.route(own integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    slice constant integer := 200;
    parts constant integer := 10;
    ledgers constant text[] := ARRAY['transfers', 'transfer_receipts', 'grant_requests', 'grants',
        'consents', 'consent_lifts', 'point_moves', 'phones', 'stock'];
    minutes integer := coalesce((SELECT value::integer FROM crm.facts WHERE name = 'stock_minutes'), 5);
    most bigint := coalesce((SELECT value::bigint FROM crm.facts WHERE name = 'stock_branches'), 50);
    open_ bigint := (SELECT count(*) FROM crm.branches WHERE closed_at IS NULL);
    room integer := slice;
    new_ record;
    aside bigint;
BEGIN
    FOR new_ IN
        SELECT m.epoch, l.name, coalesce(r.last, 0) AS last, m.last AS upto FROM unnest(ledgers) WITH ORDINALITY
                AS l(name, place)
            JOIN crm.marks AS m ON m.branch = own AND m.ledger = CASE WHEN l.name IN ('phones', 'stock')
                THEN 'versions' ELSE l.name END
            LEFT JOIN crm.routed AS r ON r.branch = own AND r.epoch = m.epoch AND r.ledger = l.name
        WHERE m.last > coalesce(r.last, 0) AND (l.name <> 'stock' OR open_ BETWEEN 2 AND most
            AND coalesce(r.at < now() - make_interval(mins => minutes), true))
        ORDER BY m.epoch, l.place
    LOOP
        IF new_.name = 'stock' THEN
            PERFORM crm.note_stock(own, new_.epoch, new_.last, new_.upto);
            CONTINUE;
        END IF;
        PERFORM crm.take_counter();
        SELECT coalesce(max(r.last), 0) INTO new_.last FROM crm.routed AS r
            WHERE r.branch = own AND r.epoch = new_.epoch AND r.ledger = new_.name;
        CASE new_.name
        WHEN 'point_moves' THEN
            room := room - crm.route_points(own, new_.epoch, new_.last, room);
        WHEN 'phones' THEN
            room := room - crm.route_phones(own, new_.epoch, new_.last, new_.upto, room);
        ELSE
            room := room - crm.route_ledger(own, new_.epoch, new_.name, new_.last, room);
        END CASE;
        IF room <= 0 THEN
            RETURN true;
        END IF;
    END LOOP;
    IF EXISTS (SELECT 1 FROM crm.stock_due AS d WHERE d.branch = own) THEN
        PERFORM crm.take_counter();
        PERFORM crm.route_stock(own, parts);
        IF EXISTS (SELECT 1 FROM crm.stock_due AS d WHERE d.branch = own) THEN
            RETURN true;
        END IF;
    END IF;
    FOR aside IN SELECT o.number FROM crm.odd AS o WHERE o.branch = own AND (o.limited <> ''
            AND o.ledger <> 'stock' OR o.ledger = 'consent_lifts' AND crm.can_lift(o)) ORDER BY 1
    LOOP
        EXIT WHEN room <= 0;
        room := room - crm.retake(aside, room, true);
    END LOOP;
    RETURN false;
END $$;

-- ── another history, another branch ──────────────────────────────────────────────────────────────

-- A branch whose store was restored does not know what it told others since: it is told itself, of each
-- thing once, and not of more than anybody does between two backups.
CREATE OR REPLACE FUNCTION crm.tell_lost() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    most constant integer := 5000;
BEGIN
    PERFORM crm.cut(new.branch);
    PERFORM crm.send_latest(new.branch, 'transfer', format('%s/%s/%s', t.branch, t.epoch, t.id),
            crm.transfer_body(t.branch, t.epoch, t.id))
        FROM (SELECT * FROM crm.transfers AS t WHERE t.branch = new.branch AND t.epoch < new.epoch
            AND t.id > coalesce((new.common ->> 'transfers')::bigint, 0)
            AND crm.whole('transfers', t.branch, t.epoch, t.id)
            ORDER BY t.epoch DESC, t.id DESC LIMIT most) AS t;
    PERFORM crm.send_latest(new.branch, 'grant', format('%s/%s/%s', g.branch, g.epoch, g.id),
            crm.grant_body(g))
        FROM crm.grants AS g WHERE (g.branch, g.epoch, g.id) IN (SELECT l.branch, l.epoch, l.id
            FROM crm.grants AS l WHERE l.branch = new.branch AND l.epoch < new.epoch
                AND l.id > coalesce((new.common ->> 'grants')::bigint, 0)
                -- What came back is where it was. Of several that answer one request, only one was told.
                AND NOT crm.was_told(l.branch, 'grant_back', l.branch, l.epoch, l.id)
                AND (crm.was_told(l.to_branch, 'grant', l.branch, l.epoch, l.id)
                    OR NOT crm.was_told(l.branch, 'granted', l.to_branch, l.to_epoch, l.to_id))
            ORDER BY l.epoch DESC, l.id DESC LIMIT most);
    -- What it answered then it is not asked once more: it would give what is there today.
    DELETE FROM crm.downs_of AS d USING crm.grants AS g WHERE d.kind = 'grant_request' AND d.branch = new.branch
        AND g.branch = new.branch AND g.epoch < new.epoch
        AND d.key = format('%s/%s/%s', g.to_branch, g.to_epoch, g.to_id)
        AND crm.was_told(g.to_branch, 'grant', g.branch, g.epoch, g.id);
    PERFORM crm.send_latest(new.branch, 'consent', format('%s/%s/%s/%s', s.branch, s.epoch, s.id, s.phone),
            jsonb_build_object('stop', jsonb_build_array(s.branch, s.epoch, s.id),
                'phones', jsonb_build_array(s.phone), 'at', crm.iso(s.at)))
        FROM (SELECT * FROM crm.stops AS s WHERE s.branch = new.branch AND s.epoch < new.epoch
            AND s.id > coalesce((new.common ->> 'consents')::bigint, 0)
            AND NOT EXISTS (SELECT 1 FROM crm.lifts AS l
                WHERE (l.branch, l.epoch, l.id) = (s.branch, s.epoch, s.id))
            ORDER BY s.epoch DESC, s.id DESC LIMIT most) AS s;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER epochs_lost AFTER INSERT ON crm.epochs
    FOR EACH ROW EXECUTE FUNCTION crm.tell_lost();
-- Those that began before offices kept it.
SELECT crm.cut(branch) FROM (SELECT DISTINCT branch FROM crm.epochs) AS begun;

-- Branches know each other's names, and which are closed; one that closes hears it first, and spends no more points.
CREATE OR REPLACE FUNCTION crm.tell_branch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' OR new.name <> old.name OR new.closed_at IS DISTINCT FROM old.closed_at
        OR new.closing_at IS DISTINCT FROM old.closing_at THEN
        PERFORM crm.send_latest(NULL, 'branch', new.branch::text, jsonb_build_object('branch', new.branch,
            'name', new.name, 'closed_at', crm.iso(coalesce(new.closed_at, new.closing_at))));
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER branches_told AFTER INSERT OR UPDATE ON crm.branches
    FOR EACH ROW EXECUTE FUNCTION crm.tell_branch();
