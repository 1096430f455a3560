-- What goes down to branches, made of what came up. Run at each `office init`, behind the tables;
-- every statement may run again.
--
-- A branch's rows are routed in the order of their numbers, after they are committed, at the end of each
-- round (`reached`), or when a file of it was taken in: `routed` says how far. One at a time
-- does so, behind the lock of `counter`, and sees all that others have committed. What does not fit is
-- noted in `odd`, so that no branch can hold up another.

CREATE TABLE IF NOT EXISTS crm.routed (
    branch integer NOT NULL REFERENCES crm.branches,
    epoch integer NOT NULL,
    ledger text NOT NULL,
    last bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (branch, epoch, ledger)
);

-- What was told once and must not be told twice.
CREATE TABLE IF NOT EXISTS crm.told (
    kind text NOT NULL,
    key text NOT NULL,
    branch integer NOT NULL,
    PRIMARY KEY (kind, key, branch)
);

CREATE TABLE IF NOT EXISTS crm.odd (
    at timestamptz NOT NULL DEFAULT now(),
    branch integer NOT NULL,
    epoch integer NOT NULL,
    ledger text NOT NULL,
    id bigint NOT NULL,
    why text NOT NULL
);

-- Each STOP with each number that it counts for, and those that a START has lifted.
CREATE TABLE IF NOT EXISTS crm.stops (
    branch integer NOT NULL,
    epoch integer NOT NULL,
    id bigint NOT NULL,
    phone text NOT NULL,
    at timestamptz,
    PRIMARY KEY (branch, epoch, id, phone)
);
CREATE INDEX IF NOT EXISTS stops_phone ON crm.stops (phone);
CREATE TABLE IF NOT EXISTS crm.lifts (
    branch integer NOT NULL,
    epoch integer NOT NULL,
    id bigint NOT NULL,
    PRIMARY KEY (branch, epoch, id)
);

-- Prices and items of the office, by the code without its dashes.
CREATE TABLE IF NOT EXISTS crm.central_items (
    code_key text PRIMARY KEY,
    body jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX IF NOT EXISTS downs_of_phone ON crm.downs_of ((body ->> 'phone')) WHERE body ? 'phone';
CREATE INDEX IF NOT EXISTS downs_of_key ON crm.downs_of (kind, key);
CREATE INDEX IF NOT EXISTS phones_number ON crm.phones (number) WHERE NOT gone;
CREATE INDEX IF NOT EXISTS phones_news ON crm.phones (branch, epoch, version);
CREATE INDEX IF NOT EXISTS phones_whose ON crm.phones (branch, customer_id) WHERE NOT gone;
CREATE INDEX IF NOT EXISTS customers_merged ON crm.customers (branch, merged_into)
    WHERE merged_into IS NOT NULL;
CREATE INDEX IF NOT EXISTS stock_news ON crm.stock (branch, epoch, version);
CREATE INDEX IF NOT EXISTS point_lots_whose ON crm.point_lots (branch, customer_id);
CREATE INDEX IF NOT EXISTS point_moves_lot ON crm.point_moves (branch, epoch, lot_id);
CREATE INDEX IF NOT EXISTS consents_whose ON crm.consents (branch, customer_id);
CREATE INDEX IF NOT EXISTS grants_to ON crm.grants (to_branch, to_epoch, to_id);
CREATE INDEX IF NOT EXISTS receipts_of ON crm.transfer_receipts (from_branch, from_epoch, from_id);

-- A moment as branches write it.
CREATE OR REPLACE FUNCTION crm.iso(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- Sends what takes the place of all that was sent before under the same key.
CREATE OR REPLACE FUNCTION crm.send_latest(branch integer, kind text, key text, body jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    DELETE FROM crm.downs_of AS d WHERE d.kind = send_latest.kind AND d.key = send_latest.key
        AND d.branch IS NOT DISTINCT FROM send_latest.branch;
    RETURN crm.send(branch, kind, key, body);
END $$;

-- Sends to one branch, once. Raises where there is no such branch.
CREATE OR REPLACE FUNCTION crm.send_once(branch integer, kind text, key text, body jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM crm.branches AS b WHERE b.branch = send_once.branch) THEN
        RAISE EXCEPTION 'no branch %', branch;
    END IF;
    INSERT INTO crm.told VALUES (kind, key, branch) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM crm.send(branch, kind, key, body);
    END IF;
END $$;

-- ── what a row tells others ──────────────────────────────────────────────────────────────────────

CREATE OR REPLACE FUNCTION crm.transfer_body(own integer, epoch_ integer, id_ bigint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT jsonb_build_object('at', crm.iso(t.at), 'actor', t.actor, 'note', t.note,
        'back', CASE WHEN t.back_id IS NOT NULL
                     THEN jsonb_build_array(t.back_branch, t.back_epoch, t.back_id) END,
        'lines', (SELECT jsonb_agg(jsonb_build_object('line', l.line, 'code', l.code, 'name', l.name,
                      'unit', l.unit, 'quantity', l.quantity, 'price', l.price, 'cost', l.cost)
                      ORDER BY l.line)
                  FROM crm.transfer_lines AS l
                  WHERE (l.branch, l.epoch, l.transfer_id) = (t.branch, t.epoch, t.id)))
    FROM crm.transfers AS t WHERE (t.branch, t.epoch, t.id) = (own, epoch_, id_)
$$;

CREATE OR REPLACE FUNCTION crm.grant_body(g crm.grants) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT jsonb_build_object('request', jsonb_build_array(g.to_branch, g.to_epoch, g.to_id),
        'phone', g.phone, 'points', g.points, 'lots', g.lots::jsonb)
$$;

-- Whether all lines of a transfer, or of a receipt, are here.
CREATE OR REPLACE FUNCTION crm.whole(ledger text, own integer, epoch_ integer, id_ bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT CASE ledger
        WHEN 'transfers' THEN
            (SELECT t.lines <= (SELECT count(*) FROM crm.transfer_lines AS l
                 WHERE (l.branch, l.epoch, l.transfer_id) = (own, epoch_, id_))
             FROM crm.transfers AS t WHERE (t.branch, t.epoch, t.id) = (own, epoch_, id_))
        WHEN 'transfer_receipts' THEN
            (SELECT r.lines <= (SELECT count(*) FROM crm.transfer_receipt_lines AS l
                 WHERE (l.branch, l.epoch, l.receipt_id) = (own, epoch_, id_))
             FROM crm.transfer_receipts AS r WHERE (r.branch, r.epoch, r.id) = (own, epoch_, id_))
        ELSE true END
$$;

-- Tells all branches that know one of the numbers of the STOPs that count for it.
CREATE OR REPLACE FUNCTION crm.tell_stops(numbers text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    each record;
BEGIN
    FOR each IN
        SELECT s.*, p.branch AS knows FROM crm.stops AS s
            JOIN crm.phones AS p ON p.number = s.phone AND NOT p.gone AND p.branch <> s.branch
        WHERE s.phone = ANY (numbers) AND NOT EXISTS (SELECT 1 FROM crm.lifts AS l
            WHERE (l.branch, l.epoch, l.id) = (s.branch, s.epoch, s.id))
        ORDER BY s.branch, s.epoch, s.id
    LOOP
        PERFORM crm.send_once(each.knows, 'consent',
            format('%s/%s/%s/%s', each.branch, each.epoch, each.id, each.phone),
            jsonb_build_object('stop', jsonb_build_array(each.branch, each.epoch, each.id),
                'phones', jsonb_build_array(each.phone), 'at', crm.iso(each.at)));
    END LOOP;
END $$;

-- A branch knows a number no more, as when somebody was erased there: nothing that is for it names that
-- number, and nothing at all does when no other branch knows it.
CREATE OR REPLACE FUNCTION crm.forget_number(own integer, number text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    known boolean := EXISTS (SELECT 1 FROM crm.phones AS p WHERE p.number = forget_number.number
        AND NOT p.gone AND p.branch <> own);
    keys text[] := ARRAY(SELECT format('%s/%s/%s/%s', s.branch, s.epoch, s.id, s.phone)
        FROM crm.stops AS s WHERE s.phone = number);
BEGIN
    DELETE FROM crm.downs_of AS d WHERE d.body ? 'phone' AND d.body ->> 'phone' = number
        AND (d.branch = own OR NOT known);
    DELETE FROM crm.downs_of AS d WHERE d.kind = 'consent' AND d.key = ANY (keys)
        AND (d.branch = own OR NOT known);
    DELETE FROM crm.downs_of AS d WHERE d.branch = own AND d.kind = 'standing'
        AND d.body -> 'phones' ? number;
    -- Should the number come back, it is told anew.
    DELETE FROM crm.told AS t WHERE t.kind = 'consent' AND t.key = ANY (keys)
        AND (t.branch = own OR NOT known);
    IF NOT known THEN
        DELETE FROM crm.stops AS s WHERE s.phone = number;
    END IF;
END $$;

-- The numbers of a customer of a branch, and of whom that one was merged with.
CREATE OR REPLACE FUNCTION crm.numbers_of(own integer, customer bigint) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT p.number FROM crm.phones AS p WHERE p.branch = own AND NOT p.gone
        AND p.customer_id = coalesce((SELECT c.merged_into FROM crm.customers AS c
            WHERE c.branch = own AND c.key = customer::text), customer)
$$;

-- Notes for which numbers a customer's STOPs count; those numbers.
CREATE OR REPLACE FUNCTION crm.note_stops(own integer, customer bigint) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    numbers text[] := ARRAY(SELECT crm.numbers_of(own, customer));
BEGIN
    INSERT INTO crm.stops (branch, epoch, id, phone, at)
        SELECT c.branch, c.epoch, c.id, number, c.at FROM crm.consents AS c, unnest(numbers) AS number
        WHERE c.branch = own AND c.answer = 'stopped' AND c.actor NOT LIKE 'chain:%'
            -- A yes that was said there later knew of it, also before branches told each other.
            AND NOT EXISTS (SELECT 1 FROM crm.consents AS later WHERE later.branch = own
                AND later.epoch >= c.epoch AND later.id > c.id AND later.customer_id = c.customer_id
                AND later.answer = 'yes' AND later.actor NOT LIKE 'chain:%')
            AND c.customer_id IN (SELECT customer UNION SELECT m.id FROM crm.customers AS m
                WHERE m.branch = own AND m.merged_into = customer)
        ON CONFLICT DO NOTHING;
    RETURN numbers;
END $$;

-- Whether a row belongs to the branch's history of today: it is not behind what a later epoch shares.
CREATE OR REPLACE FUNCTION crm.lives(own integer, epoch_ integer, ledger text, id_ bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM crm.epochs AS e WHERE e.branch = own AND e.epoch > epoch_
        AND id_ > coalesce((e.common ->> ledger)::bigint, 0))
$$;

CREATE OR REPLACE FUNCTION crm.points_of(own integer, number text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    -- Of the history that goes on: the lots of the open epoch, and what it shares with those before.
    SELECT least(greatest(0, coalesce(sum(m.points), 0)), 1000000000000)::bigint FROM crm.phones AS p
        JOIN crm.customers AS c ON c.branch = own AND (c.key = p.customer_id::text
            OR c.merged_into = p.customer_id)
        JOIN crm.point_lots AS l ON l.branch = own AND l.customer_id = c.id AND crm.lives(own, l.epoch,
            'point_lots', l.id) AND (l.expires_at IS NULL OR l.expires_at > now())
        JOIN crm.point_moves AS m ON m.branch = own AND m.lot_id = l.id
            AND crm.lives(own, m.epoch, 'point_moves', m.id)
    WHERE p.branch = own AND p.key = number AND NOT p.gone
$$;

-- Tells all others that know a number of the points that it has at a branch.
CREATE OR REPLACE FUNCTION crm.tell_points(own integer, number_ text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    knows integer;
    points bigint;
BEGIN
    FOR knows IN SELECT p.branch FROM crm.phones AS p WHERE p.number = number_ AND NOT p.gone
        AND p.branch <> own ORDER BY 1
    LOOP
        points := coalesce(points, crm.points_of(own, number_));
        IF points <> coalesce((SELECT (d.body ->> 'points')::bigint FROM crm.downs_of AS d
            WHERE d.kind = 'points' AND d.key = own || '/' || number_ AND d.branch = knows), 0) THEN
            PERFORM crm.send_latest(knows, 'points', own || '/' || number_,
                jsonb_build_object('branch', own, 'phone', number_, 'points', points,
                    'at', crm.iso(clock_timestamp())));
        END IF;
    END LOOP;
END $$;

-- ── row by row ───────────────────────────────────────────────────────────────────────────────────

-- What became of a transfer, to its sender: by the branch that it was sent to, once. A branch that was
-- restored may receive it once more.
CREATE OR REPLACE FUNCTION crm.tell_receipt(receipt crm.transfer_receipts) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    key text := format('%s/%s/%s', receipt.from_branch, receipt.from_epoch, receipt.from_id);
    to_ bigint := (SELECT t.to_branch FROM crm.transfers AS t WHERE (t.branch, t.epoch, t.id)
        = (receipt.from_branch, receipt.from_epoch, receipt.from_id));
BEGIN
    IF to_ <> receipt.branch THEN
        RAISE EXCEPTION 'transfer % was sent to another branch', key;
    END IF;
    -- An office that was restored may hear of it before the transfer comes again, which tells it then.
    IF to_ IS NOT NULL THEN
        PERFORM crm.send_once(receipt.from_branch::integer, 'transfer_receipt', key,
            jsonb_build_object('by', receipt.branch, 'at', crm.iso(receipt.at), 'actor', receipt.actor,
                'note', receipt.note,
                'lines', (SELECT coalesce(jsonb_agg(jsonb_build_array(l.line, l.arrived, l.broken)
                              ORDER BY l.line), '[]')
                          FROM crm.transfer_receipt_lines AS l WHERE (l.branch, l.epoch, l.receipt_id)
                              = (receipt.branch, receipt.epoch, receipt.id))));
    END IF;
END $$;

-- Points that a branch gives, to the one that asked it for them: never more than that, and once.
CREATE OR REPLACE FUNCTION crm.tell_grant(granted crm.grants) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    request crm.grant_requests;
    lots jsonb := granted.lots;
BEGIN
    SELECT * INTO request FROM crm.grant_requests AS r WHERE (r.branch, r.epoch, r.id)
        = (granted.to_branch, granted.to_epoch, granted.to_id);
    IF NOT FOUND THEN
        -- As with receipts: when the request comes, it looks for its answer.
        RETURN;
    END IF;
    IF (request.home, request.phone) IS DISTINCT FROM (granted.branch, granted.phone)
        OR granted.points > request.points
        OR granted.points < (SELECT coalesce(sum((l ->> 0)::bigint), 0) FROM jsonb_array_elements(lots) AS l)
        OR EXISTS (SELECT 1 FROM jsonb_array_elements(lots) AS l WHERE (l ->> 0)::bigint < 1) THEN
        RAISE EXCEPTION 'not what branch % asked for', granted.to_branch;
    END IF;
    INSERT INTO crm.told VALUES ('granted', format('%s/%s/%s', granted.to_branch,
        granted.to_epoch, granted.to_id), granted.branch) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM crm.send_once(granted.to_branch::integer, 'grant', format('%s/%s/%s', granted.branch,
            granted.epoch, granted.id), crm.grant_body(granted));
    END IF;
END $$;

-- Whether a branch has been told of a STOP of another one, or said it itself.
CREATE OR REPLACE FUNCTION crm.knows_stop(own integer, of_branch bigint, of_epoch bigint, of_id bigint)
RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT of_branch = own AND EXISTS (SELECT 1 FROM crm.consents AS c WHERE c.answer = 'stopped'
            AND (c.branch, c.epoch, c.id) = (of_branch, of_epoch, of_id))
        OR EXISTS (SELECT 1 FROM crm.stops AS s JOIN crm.told AS t ON t.kind = 'consent'
                AND t.key = format('%s/%s/%s/%s', s.branch, s.epoch, s.id, s.phone) AND t.branch = own
            WHERE (s.branch, s.epoch, s.id) = (of_branch, of_epoch, of_id))
$$;

CREATE OR REPLACE FUNCTION crm.route_row(own integer, epoch_ integer, ledger text, id_ bigint)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    key text := format('%s/%s/%s', own, epoch_, id_);
    request crm.grant_requests;
    said crm.consents;
    lift record;
BEGIN
    CASE ledger
    WHEN 'transfers' THEN
        PERFORM crm.send_once(t.to_branch::integer, 'transfer', key,
                crm.transfer_body(own, epoch_, id_))
            FROM crm.transfers AS t WHERE (t.branch, t.epoch, t.id) = (own, epoch_, id_);
        PERFORM crm.tell_receipt(r) FROM crm.transfer_receipts AS r WHERE (r.from_branch, r.from_epoch,
            r.from_id) = (own, epoch_, id_) AND crm.whole('transfer_receipts', r.branch, r.epoch, r.id)
            AND r.branch = (SELECT t.to_branch FROM crm.transfers AS t
                WHERE (t.branch, t.epoch, t.id) = (own, epoch_, id_));
    WHEN 'transfer_receipts' THEN
        PERFORM crm.tell_receipt(r) FROM crm.transfer_receipts AS r
            WHERE (r.branch, r.epoch, r.id) = (own, epoch_, id_);
    WHEN 'grant_requests' THEN
        SELECT * INTO request FROM crm.grant_requests AS r
            WHERE (r.branch, r.epoch, r.id) = (own, epoch_, id_);
        PERFORM crm.send_once(request.home::integer, 'grant_request', key,
            jsonb_build_object('phone', request.phone, 'points', request.points,
                'at', crm.iso(request.at)));
        PERFORM crm.tell_grant(g) FROM crm.grants AS g WHERE (g.to_branch, g.to_epoch, g.to_id)
            = (own, epoch_, id_) AND g.branch = request.home;
    WHEN 'grants' THEN
        PERFORM crm.tell_grant(g) FROM crm.grants AS g WHERE (g.branch, g.epoch, g.id) = (own, epoch_, id_);
    WHEN 'consents' THEN
        SELECT * INTO said FROM crm.consents AS c
            WHERE (c.branch, c.epoch, c.id) = (own, epoch_, id_);
        IF said.answer = 'stopped' AND said.actor NOT LIKE 'chain:%' THEN
            PERFORM crm.tell_stops(crm.note_stops(own, said.customer_id));
        END IF;
    WHEN 'consent_lifts' THEN
        FOR lift IN SELECT * FROM crm.consent_lifts AS l
            WHERE (l.branch, l.epoch) = (own, epoch_) AND l.consent_id * 1000 + l.line = id_
        LOOP
            IF lift.of_branch = 0 THEN
                -- One that was said at the branch itself, in this epoch or before.
                lift.of_branch := own;
                SELECT max(c.epoch) INTO lift.of_epoch FROM crm.consents AS c
                    WHERE c.branch = own AND c.id = lift.of_id AND c.epoch <= epoch_;
                CONTINUE WHEN lift.of_epoch IS NULL;
            END IF;
            -- Only who knew of a STOP lifts it.
            IF NOT crm.knows_stop(own, lift.of_branch, lift.of_epoch, lift.of_id) THEN
                RAISE EXCEPTION 'STOP %/%/% was not told', lift.of_branch, lift.of_epoch, lift.of_id;
            END IF;
            INSERT INTO crm.lifts VALUES (lift.of_branch, lift.of_epoch, lift.of_id)
                ON CONFLICT DO NOTHING;
            IF FOUND THEN
                PERFORM crm.send(NULL, 'consent',
                    format('%s/%s/%s/lift', lift.of_branch, lift.of_epoch, lift.of_id),
                    jsonb_build_object('lifts', jsonb_build_array(jsonb_build_array(
                        lift.of_branch, lift.of_epoch, lift.of_id)), 'at', crm.iso(clock_timestamp())));
            END IF;
        END LOOP;
    ELSE
        RAISE EXCEPTION 'nothing is routed of %', ledger;
    END CASE;
END $$;

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

-- Routes one ledger of a branch and epoch as far as it is whole.
CREATE OR REPLACE FUNCTION crm.route_ledger(own integer, epoch_ integer, ledger_ text, after bigint)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    done bigint := after;
    id_ bigint;
    trouble text;
BEGIN
    FOR id_ IN SELECT crm.next_rows(own, epoch_, ledger_, after, 2000)
    LOOP
        -- Its lines come behind it, and may come later.
        EXIT WHEN NOT crm.whole(ledger_, own, epoch_, id_);
        BEGIN
            PERFORM crm.route_row(own, epoch_, ledger_, id_);
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS trouble = MESSAGE_TEXT;
            INSERT INTO crm.odd (branch, epoch, ledger, id, why)
                VALUES (own, epoch_, ledger_, id_, left(trouble, 200));
        END;
        done := id_;
    END LOOP;
    IF done > after THEN
        PERFORM crm.note_routed(own, epoch_, ledger_, done);
    END IF;
END $$;

-- Points that moved: whoever else knows the number is told how many there are now.
CREATE OR REPLACE FUNCTION crm.route_points(own integer, epoch_ integer, after bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    number_ text;
    last_ bigint := (SELECT max(id) FROM (SELECT m.id FROM crm.point_moves AS m WHERE m.branch = own
        AND m.epoch = epoch_ AND m.id > after ORDER BY m.id LIMIT 20000) AS few);
BEGIN
    IF last_ IS NULL THEN
        RETURN;
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
END $$;

-- Numbers that are new at a branch: it is told what others know of them, and they what it has.
CREATE OR REPLACE FUNCTION crm.route_phones(own integer, epoch_ integer, after bigint, upto bigint)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    new_ record;
    other integer;
    done bigint;
    seen integer := 0;
    trouble text;
BEGIN
    FOR new_ IN SELECT p.number, p.customer_id, p.version, p.gone FROM crm.phones AS p
        WHERE p.branch = own AND p.epoch = epoch_ AND p.version > after ORDER BY p.version LIMIT 5000
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
                    INSERT INTO crm.odd (branch, epoch, ledger, id, why)
                        SELECT other, max(e.epoch), 'points', 0, left(trouble, 200)
                        FROM crm.epochs AS e WHERE e.branch = other HAVING max(e.epoch) IS NOT NULL;
                END;
            END LOOP;
        END IF;
    END LOOP;
    PERFORM crm.note_routed(own, epoch_, 'phones', CASE WHEN seen < 5000 THEN upto ELSE done END);
END $$;

-- What a branch has on its shelves, to all others: some hundred items a row, each of which takes the place
-- of the one before. At most once in `stock_minutes` (5), and only in chains of up to `stock_branches` (50)
-- open branches, for all of them get all of it.
CREATE OR REPLACE FUNCTION crm.route_stock(own integer, epoch_ integer, after bigint, upto bigint)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    size constant integer := 200;
    part bigint;
BEGIN
    FOR part IN SELECT DISTINCT s.item_id / size FROM crm.stock AS s WHERE s.branch = own
        AND s.epoch = epoch_ AND s.version > after AND NOT s.gone ORDER BY 1
    LOOP
        PERFORM crm.send_latest(NULL, 'stock', own || '/' || part, jsonb_build_object(
            'branch', own, 'at', crm.iso(clock_timestamp()),
            'items', coalesce(jsonb_agg(jsonb_build_array(i.code,
                least(greatest(0, s.on_hand::numeric - s.reserved), 1000000000000)) ORDER BY i.id), '[]')))
        FROM crm.stock AS s JOIN crm.items AS i ON i.branch = own AND i.key = s.key AND NOT i.gone
            AND i.active = 1
        WHERE s.branch = own AND NOT s.gone AND s.item_id >= part * size
            AND s.item_id < (part + 1) * size;
    END LOOP;
    PERFORM crm.note_routed(own, epoch_, 'stock', upto);
END $$;

-- Routes all that came of a branch and was not routed; nothing is locked where there is nothing.
CREATE OR REPLACE FUNCTION crm.route(own integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    ledgers constant text[] := ARRAY['transfers', 'transfer_receipts', 'grant_requests', 'grants',
        'consents', 'consent_lifts', 'point_moves', 'phones', 'stock'];
    minutes integer := coalesce((SELECT value::integer FROM crm.facts WHERE name = 'stock_minutes'), 5);
    most bigint := coalesce((SELECT value::bigint FROM crm.facts WHERE name = 'stock_branches'), 50);
    open_ bigint := (SELECT count(*) FROM crm.branches WHERE closed_at IS NULL);
    new_ record;
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
        PERFORM 1 FROM crm.counter FOR UPDATE;
        SELECT coalesce(max(r.last), 0) INTO new_.last FROM crm.routed AS r
            WHERE r.branch = own AND r.epoch = new_.epoch AND r.ledger = new_.name;
        CASE new_.name
        WHEN 'point_moves' THEN PERFORM crm.route_points(own, new_.epoch, new_.last);
        WHEN 'phones' THEN PERFORM crm.route_phones(own, new_.epoch, new_.last, new_.upto);
        WHEN 'stock' THEN PERFORM crm.route_stock(own, new_.epoch, new_.last, new_.upto);
        ELSE PERFORM crm.route_ledger(own, new_.epoch, new_.name, new_.last);
        END CASE;
    END LOOP;
END $$;

-- ── another history, another branch ──────────────────────────────────────────────────────────────

-- A branch whose store was restored does not know what it told others since: it is told itself.
CREATE OR REPLACE FUNCTION crm.tell_lost() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    PERFORM crm.send(new.branch, 'transfer', format('%s/%s/%s', t.branch, t.epoch, t.id),
            crm.transfer_body(t.branch, t.epoch, t.id))
        FROM crm.transfers AS t WHERE t.branch = new.branch AND t.epoch < new.epoch
            AND t.id > coalesce((new.common ->> 'transfers')::bigint, 0)
            AND crm.whole('transfers', t.branch, t.epoch, t.id);
    PERFORM crm.send(new.branch, 'grant', format('%s/%s/%s', g.branch, g.epoch, g.id),
            crm.grant_body(g))
        FROM crm.grants AS g WHERE g.branch = new.branch AND g.epoch < new.epoch
            AND g.id > coalesce((new.common ->> 'grants')::bigint, 0);
    PERFORM crm.send(new.branch, 'consent', format('%s/%s/%s/%s', s.branch, s.epoch, s.id, s.phone),
            jsonb_build_object('stop', jsonb_build_array(s.branch, s.epoch, s.id),
                'phones', jsonb_build_array(s.phone), 'at', crm.iso(s.at)))
        FROM crm.stops AS s WHERE s.branch = new.branch AND s.epoch < new.epoch
            AND s.id > coalesce((new.common ->> 'consents')::bigint, 0)
            AND NOT EXISTS (SELECT 1 FROM crm.lifts AS l
                WHERE (l.branch, l.epoch, l.id) = (s.branch, s.epoch, s.id));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER epochs_lost AFTER INSERT ON crm.epochs
    FOR EACH ROW EXECUTE FUNCTION crm.tell_lost();

-- Branches know each other's names, and which are closed.
CREATE OR REPLACE FUNCTION crm.tell_branch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' OR new.name <> old.name OR new.closed_at IS DISTINCT FROM old.closed_at THEN
        PERFORM crm.send_latest(NULL, 'branch', new.branch::text, jsonb_build_object('branch', new.branch,
            'name', new.name, 'closed_at', crm.iso(new.closed_at)));
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER branches_told AFTER INSERT OR UPDATE ON crm.branches
    FOR EACH ROW EXECUTE FUNCTION crm.tell_branch();
