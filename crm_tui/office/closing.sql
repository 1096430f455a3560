-- A branch that is closed takes nothing in any more, so what is on the way to it goes back to where it came
-- from. Goods go back as the branch itself would have sent them (`branches.send_back`): received as they were
-- sent, and a transfer of its own, both rows in its name under numbers that no store gives. Points go back as
-- the grant that they came with. Points that lie in its books stay there, and are given by the office in its
-- name to whoever asks for them. Run behind routing.sql; every statement may run again.

-- What the office says in the closed branch's name, beside the goods that go back.
ALTER TABLE crm.branches ADD COLUMN IF NOT EXISTS farewell text NOT NULL DEFAULT '';

CREATE OR REPLACE FUNCTION crm.is_closed(own bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM crm.branches AS b WHERE b.branch = own AND b.closed_at IS NOT NULL)
$$;

-- Whether something was told to a branch.
CREATE OR REPLACE FUNCTION crm.was_told(own bigint, kind text, branch bigint, epoch bigint, id bigint)
RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM crm.told AS t WHERE t.kind = was_told.kind AND t.branch = own
        AND t.key = format('%s/%s/%s', was_told.branch, was_told.epoch, was_told.id))
$$;

-- Whether nobody receives a transfer any more: its receiver has, or the office let it go, of which its sender
-- was told as of a receipt.
CREATE OR REPLACE FUNCTION crm.has_ended(sent crm.transfers) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT crm.was_told(sent.branch, 'transfer_receipt', sent.branch, sent.epoch, sent.id)
        OR EXISTS (SELECT 1 FROM crm.transfer_receipts AS r WHERE r.branch = sent.to_branch
            AND (r.from_branch, r.from_epoch, r.from_id) = (sent.branch, sent.epoch, sent.id))
$$;

-- Goods that were told to their receiver, and are still on the way.
CREATE OR REPLACE VIEW crm.goods_open AS
    SELECT t.* FROM crm.transfers AS t WHERE crm.was_told(t.to_branch, 'transfer', t.branch, t.epoch, t.id)
        AND NOT crm.has_ended(t);

-- Points that were told to whoever asked for them, and are neither in its history of today nor went back.
CREATE OR REPLACE VIEW crm.points_open AS
    SELECT g.* FROM crm.grants AS g WHERE g.points > 0
        AND crm.was_told(g.to_branch, 'grant', g.branch, g.epoch, g.id)
        AND NOT crm.was_told(g.branch, 'grant_back', g.branch, g.epoch, g.id)
        AND NOT EXISTS (SELECT 1 FROM crm.point_arrivals AS p WHERE p.branch = g.to_branch
            AND (p.from_branch, p.from_epoch, p.from_id) = (g.branch, g.epoch, g.id)
            AND crm.lives(p.branch, p.epoch, 'point_arrivals', p.id));

-- Requests for points that have not been answered.
CREATE OR REPLACE VIEW crm.requests_open AS
    SELECT r.* FROM crm.grant_requests AS r
        WHERE crm.was_told(r.home, 'grant_request', r.branch, r.epoch, r.id)
            AND NOT crm.was_told(r.home, 'granted', r.branch, r.epoch, r.id);

-- All that is open to a branch or from it, by the other one.
CREATE OR REPLACE FUNCTION crm.open_of(own integer)
RETURNS TABLE (what text, incoming boolean, other bigint, count bigint, pieces bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT 'goods', t.to_branch = own, CASE WHEN t.to_branch = own THEN t.branch ELSE t.to_branch END,
            count(*), sum((SELECT sum(l.quantity) FROM crm.transfer_lines AS l
                WHERE (l.branch, l.epoch, l.transfer_id) = (t.branch, t.epoch, t.id)))::bigint
        FROM crm.goods_open AS t WHERE own IN (t.branch, t.to_branch) GROUP BY 1, 2, 3
    UNION ALL
    SELECT 'points', g.to_branch = own, CASE WHEN g.to_branch = own THEN g.branch ELSE g.to_branch END,
            count(*), sum(g.points)::bigint
        FROM crm.points_open AS g WHERE own IN (g.branch, g.to_branch) GROUP BY 1, 2, 3
    UNION ALL
    SELECT 'asked', r.home = own, CASE WHEN r.home = own THEN r.branch ELSE r.home END,
            count(*), sum(r.points)::bigint
        FROM crm.requests_open AS r WHERE own IN (r.branch, r.home) GROUP BY 1, 2, 3
    ORDER BY 2 DESC, 1, 3
$$;

-- ── rows in the name of a closed branch ──────────────────────────────────────────────────────────

CREATE OR REPLACE FUNCTION crm.epoch_after(own bigint) RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT coalesce((SELECT max(e.epoch) FROM crm.epochs AS e WHERE e.branch = own), 1)
$$;

-- A number of a ledger that no store gives, and that branches still take.
CREATE OR REPLACE FUNCTION crm.number_after(own bigint, ledger text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    first constant bigint := 900000000000;
    found_ bigint;
BEGIN
    EXECUTE format('SELECT max(t.id) FROM crm.%I AS t WHERE t.branch = $1 AND t.epoch = $2'
        ' AND t.id BETWEEN $3 AND $3 + 99999999999', ledger) INTO found_
        USING own, crm.epoch_after(own), first;
    RETURN coalesce(found_ + 1, first);
END $$;

-- The number of what is said in its name to others, who take it once by that: the same for the same thing, and no
-- other's, also where an office that was put back says it once more, before or behind others.
CREATE OR REPLACE FUNCTION crm.number_for(own bigint, ledger text, key text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    found_ bigint := 900000000000 + (('x' || left(encode(sha256(convert_to(key, 'UTF8')), 'hex'), 9))::bit(36)::bigint);
    taken boolean;
BEGIN
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM crm.%I AS t WHERE (t.branch, t.epoch, t.id) = ($1, $2, $3))',
            ledger) INTO taken USING own, crm.epoch_after(own), found_;
        EXIT WHEN NOT taken;
        found_ := found_ + 1;
    END LOOP;
    RETURN found_;
END $$;

-- Goods that a closed branch will not take in go back to their sender, once. Where that one is closed, too,
-- they stay in the books of the branch that they were sent to.
CREATE OR REPLACE FUNCTION crm.return_goods(sent crm.transfers) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own bigint := sent.to_branch;
    epoch_ integer := crm.epoch_after(own);
    receipt bigint := crm.number_after(own, 'transfer_receipts');
    back bigint := crm.number_for(own, 'transfers', format('%s/%s/%s', sent.branch, sent.epoch, sent.id));
    said text := (SELECT b.farewell FROM crm.branches AS b WHERE b.branch = own);
BEGIN
    IF crm.has_ended(sent) THEN
        RETURN;
    END IF;
    INSERT INTO crm.transfer_receipts (branch, epoch, id, at, actor, from_branch, from_epoch, from_id, lines, note)
        VALUES (own, epoch_, receipt, clock_timestamp(), 'chain:office', sent.branch, sent.epoch, sent.id,
            sent.lines, said);
    INSERT INTO crm.transfer_receipt_lines (branch, epoch, receipt_id, line, code, sent, arrived, broken)
        SELECT own, epoch_, receipt, l.line, l.code, l.quantity, l.quantity, 0 FROM crm.transfer_lines AS l
        WHERE (l.branch, l.epoch, l.transfer_id) = (sent.branch, sent.epoch, sent.id);
    IF crm.is_closed(sent.branch) THEN
        RETURN;
    END IF;
    PERFORM crm.route_row(own::integer, epoch_, 'transfer_receipts', receipt, false);
    INSERT INTO crm.transfers (branch, epoch, id, at, actor, to_branch, lines, note, back_branch, back_epoch,
            back_id)
        VALUES (own, epoch_, back, clock_timestamp(), 'chain:office', sent.branch, sent.lines, said,
            sent.branch, sent.epoch, sent.id);
    INSERT INTO crm.transfer_lines (branch, epoch, transfer_id, line, code, name, unit, quantity, price, cost)
        SELECT own, epoch_, back, l.line, l.code, l.name, l.unit, l.quantity, l.price, l.cost
        FROM crm.transfer_lines AS l
        WHERE (l.branch, l.epoch, l.transfer_id) = (sent.branch, sent.epoch, sent.id);
    PERFORM crm.route_row(own::integer, epoch_, 'transfers', back, false);
END $$;

-- Points that nobody takes in go back to the branch that gave them, once: told to it, or, once it is closed,
-- in its books, into the lots that they were taken from.
CREATE OR REPLACE FUNCTION crm.return_points(granted crm.grants) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer := granted.branch;
    key_ text := format('%s/%s/%s', granted.branch, granted.epoch, granted.id);
    for_ text := format('branch %s/%s/%s', granted.to_branch, granted.to_epoch, granted.to_id);
    lot record;
BEGIN
    IF granted.points <= 0 THEN
        RETURN;
    END IF;
    IF NOT crm.is_closed(own) THEN
        PERFORM crm.tell_once(own, 'grant_back', key_, crm.grant_body(granted));
        RETURN;
    END IF;
    INSERT INTO crm.told VALUES ('grant_back', key_, own) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    FOR lot IN SELECT l.id, -sum(m.points)::bigint AS points FROM crm.lots_of(own, granted.phone) AS l
        JOIN crm.point_moves AS m ON m.branch = own AND m.lot_id = l.id AND m.kind = 'moved_out'
            AND m.note = for_ AND crm.lives(own, m.epoch, 'point_moves', m.id)
        GROUP BY l.id LOOP
        INSERT INTO crm.point_moves (branch, epoch, id, lot_id, at, points, kind, actor, note)
            VALUES (own, crm.epoch_after(own), crm.number_after(own, 'point_moves'), lot.id,
                clock_timestamp(), lot.points, 'moved_in', 'chain:office', for_);
    END LOOP;
    PERFORM crm.tell_points(own, granted.phone);
END $$;

-- The same for points that are still on the way to a branch that was closed.
CREATE OR REPLACE FUNCTION crm.return_open(granted crm.grants) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    IF crm.is_closed(granted.to_branch) AND EXISTS (SELECT 1 FROM crm.points_open AS o
        WHERE (o.branch, o.epoch, o.id) = (granted.branch, granted.epoch, granted.id)) THEN
        PERFORM crm.return_points(granted);
    END IF;
END $$;

-- It answered that there are none before.
DROP FUNCTION IF EXISTS crm.answer_none(crm.grant_requests);

-- A closed branch answers nobody any more. Its books are here and change no more, so the office gives in its
-- name, as the branch would have: what is there of what was asked for, lots that end first before others.
CREATE OR REPLACE FUNCTION crm.answer_for(asked crm.grant_requests) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own integer := asked.home;
    epoch_ integer := crm.epoch_after(asked.home);
    id_ bigint;
    left_ bigint;
    given jsonb := '[]';
    given_points bigint := 0;
    lot record;
    part bigint;
BEGIN
    PERFORM crm.heed_arrivals(own, asked.phone);
    IF crm.was_told(own, 'granted', asked.branch, asked.epoch, asked.id)
        -- What it answered itself lies aside: it is passed on, or let go.
        OR EXISTS (SELECT 1 FROM crm.grants AS g WHERE g.branch = own
            AND (g.to_branch, g.to_epoch, g.to_id) = (asked.branch, asked.epoch, asked.id)
            AND crm.lives(own, g.epoch::integer, 'grants', g.id)) THEN
        RETURN;
    END IF;
    id_ := crm.number_for(own, 'grants', format('%s/%s/%s', asked.branch, asked.epoch, asked.id));
    left_ := least(asked.points, crm.points_of(own, asked.phone));
    FOR lot IN SELECT * FROM crm.lots_of(own, asked.phone) WHERE rest > 0 ORDER BY expires_at, id LOOP
        EXIT WHEN left_ <= 0;
        part := least(lot.rest, left_);
        left_ := left_ - part;
        given_points := given_points + part;
        given := given || jsonb_build_array(jsonb_build_array(part, crm.iso(lot.expires_at)));
        INSERT INTO crm.point_moves (branch, epoch, id, lot_id, at, points, kind, actor, note)
            VALUES (own, epoch_, crm.number_after(own, 'point_moves'), lot.id, clock_timestamp(), -part,
                'moved_out', 'chain:office', format('branch %s/%s/%s', asked.branch, asked.epoch, asked.id));
    END LOOP;
    INSERT INTO crm.grants (branch, epoch, id, at, actor, to_branch, to_epoch, to_id, phone, points, lots)
        VALUES (own, epoch_, id_, clock_timestamp(), 'chain:office', asked.branch, asked.epoch,
            asked.id, asked.phone, given_points, given);
    PERFORM crm.route_row(own, epoch_, 'grants', id_, false);
    PERFORM crm.tell_points(own, asked.phone);
END $$;

-- ── what goes to nobody ──────────────────────────────────────────────────────────────────────────

-- Lets a row that lies aside go to nobody, for good, and tells whoever waits for what becomes of it. One that
-- went on already is left as it is.
CREATE OR REPLACE FUNCTION crm.dismiss_row(own integer, epoch_ integer, ledger_ text, id_ bigint, said text)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    key_ text := format('%s/%s/%s', own, epoch_, id_);
    sent crm.transfers;
    granted crm.grants;
    asked crm.grant_requests;
BEGIN
    CASE ledger_
    WHEN 'transfers' THEN
        SELECT * INTO sent FROM crm.transfers AS t WHERE (t.branch, t.epoch, t.id) = (own, epoch_, id_);
        IF sent.to_branch NOT BETWEEN 1 AND 2147483647
            OR crm.was_told(sent.to_branch, 'transfer', own, epoch_, id_) THEN
            RETURN;
        END IF;
        INSERT INTO crm.told VALUES ('transfer', key_, sent.to_branch) ON CONFLICT DO NOTHING;
        -- Ended, with nothing that arrived: its sender counts what is there.
        PERFORM crm.tell_once(own, 'transfer_receipt', key_, jsonb_build_object('by', sent.to_branch,
            'at', crm.iso(clock_timestamp()), 'actor', 'chain:office', 'note', said, 'dismissed', true,
            'lines', (SELECT coalesce(jsonb_agg(jsonb_build_array(l.line, 0, 0) ORDER BY l.line), '[]')
                FROM crm.transfer_lines AS l WHERE (l.branch, l.epoch, l.transfer_id) = (own, epoch_, id_))));
    WHEN 'grants' THEN
        SELECT * INTO granted FROM crm.grants AS g WHERE (g.branch, g.epoch, g.id) = (own, epoch_, id_);
        IF granted.to_branch NOT BETWEEN 1 AND 2147483647
            OR crm.was_told(granted.to_branch, 'grant', own, epoch_, id_) THEN
            PERFORM crm.return_open(granted);
            RETURN;
        END IF;
        INSERT INTO crm.told VALUES ('grant', key_, granted.to_branch) ON CONFLICT DO NOTHING;
        PERFORM crm.return_points(granted);
        SELECT * INTO asked FROM crm.grant_requests AS r WHERE (r.branch, r.epoch, r.id)
            = (granted.to_branch, granted.to_epoch, granted.to_id) AND r.home = own;
        PERFORM crm.tell_none(asked);
    WHEN 'grant_requests' THEN
        SELECT * INTO asked FROM crm.grant_requests AS r WHERE (r.branch, r.epoch, r.id) = (own, epoch_, id_);
        IF asked.home NOT BETWEEN 1 AND 2147483647
            OR crm.was_told(asked.home, 'grant_request', own, epoch_, id_) THEN
            IF crm.is_closed(asked.home) THEN
                PERFORM crm.tell_none(asked);
            END IF;
            RETURN;
        END IF;
        INSERT INTO crm.told VALUES ('grant_request', key_, asked.home) ON CONFLICT DO NOTHING;
        PERFORM crm.tell_none(asked);
    ELSE
        -- Nobody waits for an answer to the others.
        RETURN;
    END CASE;
END $$;

-- Answers a request for points with none, in nobody's books.
CREATE OR REPLACE FUNCTION crm.tell_none(asked crm.grant_requests) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    -- No store and no closed branch gives it (`number_for`), and each answer has its own.
    id_ bigint := 1000000000000 - (crm.number_for(asked.home, 'grants', format('%s/%s/%s', asked.branch, asked.epoch,
        asked.id)) - 900000000000) % 10000000000;
BEGIN
    IF asked.id IS NULL OR crm.was_told(asked.home, 'granted', asked.branch, asked.epoch, asked.id) THEN
        RETURN;
    END IF;
    WHILE crm.was_told(asked.branch, 'grant', asked.home, crm.epoch_after(asked.home), id_) LOOP
        id_ := id_ - 1;
    END LOOP;
    INSERT INTO crm.told VALUES ('granted', format('%s/%s/%s', asked.branch, asked.epoch, asked.id), asked.home);
    PERFORM crm.tell_once(asked.branch, 'grant', format('%s/%s/%s', asked.home, crm.epoch_after(asked.home), id_),
        jsonb_build_object('request', jsonb_build_array(asked.branch, asked.epoch, asked.id),
            'phone', asked.phone, 'points', 0, 'lots', jsonb_build_array()));
END $$;

-- Lets what lies aside under a number go to nobody, at most so many rows; how many it looked at, NULL where
-- nothing lies there. `said`: what those who wait for it read.
CREATE OR REPLACE FUNCTION crm.dismiss(number_ bigint, most integer, said text) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    aside crm.odd;
    id_ bigint;
    done bigint;
    seen integer := 0;
    trouble text;
BEGIN
    PERFORM crm.take_counter();
    DELETE FROM crm.odd AS o WHERE o.number = number_ RETURNING * INTO aside;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF aside.ledger NOT IN ('transfers', 'grants', 'grant_requests') THEN
        RETURN 0;
    END IF;
    FOR id_ IN SELECT * FROM crm.next_rows(aside.branch, aside.epoch, aside.ledger, aside.id - 1, most)
    LOOP
        EXIT WHEN id_ > coalesce(aside.upto, aside.id);
        BEGIN
            PERFORM crm.dismiss_row(aside.branch, aside.epoch, aside.ledger, id_, said);
        EXCEPTION WHEN OTHERS THEN
            -- What is so odd that it cannot even be told ends here.
            GET STACKED DIAGNOSTICS trouble = MESSAGE_TEXT;
            RAISE LOG 'row % of % of branch % let go untold: %', id_, aside.ledger, aside.branch, trouble;
        END;
        done := id_;
        seen := seen + 1;
    END LOOP;
    IF seen >= most AND done < coalesce(aside.upto, aside.id) THEN
        aside.id := done + 1;
        INSERT INTO crm.odd SELECT aside.*;
    END IF;
    RETURN seen;
END $$;

-- Ends all that is open to a closed branch; what cannot be is noted, and ends nothing else.
CREATE OR REPLACE FUNCTION crm.end_open(own integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    sent crm.transfers;
    granted crm.grants;
    asked crm.grant_requests;
    trouble text;
BEGIN
    -- Whoever has not fetched it need not answer it.
    DELETE FROM crm.downs_of AS d WHERE d.kind = 'grant_request' AND d.key IN (SELECT
        format('%s/%s/%s', r.branch, r.epoch, r.id) FROM crm.requests_open AS r WHERE r.branch = own);
    FOR sent IN SELECT t.* FROM crm.goods_open AS t WHERE t.to_branch = own LOOP
        BEGIN
            PERFORM crm.return_goods(sent);
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS trouble = MESSAGE_TEXT;
            PERFORM crm.put_aside(sent.branch::integer, sent.epoch::integer, 'transfers', sent.id, trouble);
        END;
    END LOOP;
    FOR granted IN SELECT g.* FROM crm.points_open AS g WHERE g.to_branch = own LOOP
        BEGIN
            PERFORM crm.return_points(granted);
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS trouble = MESSAGE_TEXT;
            PERFORM crm.put_aside(granted.branch::integer, granted.epoch::integer, 'grants', granted.id, trouble);
        END;
    END LOOP;
    FOR asked IN SELECT r.* FROM crm.requests_open AS r WHERE r.home = own LOOP
        BEGIN
            PERFORM crm.answer_for(asked);
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS trouble = MESSAGE_TEXT;
            PERFORM crm.put_aside(asked.branch::integer, asked.epoch::integer, 'grant_requests', asked.id, trouble);
        END;
    END LOOP;
END $$;
