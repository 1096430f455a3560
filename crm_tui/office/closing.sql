-- A branch that is closed takes nothing in any more, so what is on the way to it goes back to where it came
-- from. Goods go back as the branch itself would have sent them (`branches.send_back`): received as they were
-- sent, and a transfer of its own, both rows in its name under numbers that no store gives. Points go back as
-- the grant that they came with. Run behind routing.sql; every statement may run again.

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

-- Goods that were told to their receiver, which has not taken them in.
CREATE OR REPLACE VIEW crm.goods_open AS
    SELECT t.* FROM crm.transfers AS t WHERE crm.was_told(t.to_branch, 'transfer', t.branch, t.epoch, t.id)
        AND NOT EXISTS (SELECT 1 FROM crm.transfer_receipts AS r WHERE r.branch = t.to_branch
            AND (r.from_branch, r.from_epoch, r.from_id) = (t.branch, t.epoch, t.id));

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

-- Goods that a closed branch will not take in go back to their sender, once. Where that one is closed, too,
-- they stay in the books of the branch that they were sent to.
CREATE OR REPLACE FUNCTION crm.return_goods(sent crm.transfers) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    own bigint := sent.to_branch;
    epoch_ integer := crm.epoch_after(own);
    receipt bigint := crm.number_after(own, 'transfer_receipts');
    back bigint := crm.number_after(own, 'transfers');
    said text := (SELECT b.farewell FROM crm.branches AS b WHERE b.branch = own);
BEGIN
    IF EXISTS (SELECT 1 FROM crm.transfer_receipts AS r WHERE r.branch = own
        AND (r.from_branch, r.from_epoch, r.from_id) = (sent.branch, sent.epoch, sent.id)) THEN
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

-- Points that a closed branch will not take in go back to the branch that gave them, once.
CREATE OR REPLACE FUNCTION crm.return_points(granted crm.grants) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
BEGIN
    IF granted.points > 0 AND NOT crm.is_closed(granted.branch) THEN
        PERFORM crm.tell_once(granted.branch::integer, 'grant_back',
            format('%s/%s/%s', granted.branch, granted.epoch, granted.id), crm.grant_body(granted));
    END IF;
END $$;

-- A closed branch gives no points any more: whoever asked is answered that there are none.
CREATE OR REPLACE FUNCTION crm.answer_none(asked crm.grant_requests) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    epoch_ integer := crm.epoch_after(asked.home);
    id_ bigint := crm.number_after(asked.home, 'grants');
BEGIN
    IF crm.was_told(asked.home, 'granted', asked.branch, asked.epoch, asked.id) THEN
        RETURN;
    END IF;
    INSERT INTO crm.grants (branch, epoch, id, at, actor, to_branch, to_epoch, to_id, phone, points, lots)
        VALUES (asked.home, epoch_, id_, clock_timestamp(), 'chain:office', asked.branch, asked.epoch,
            asked.id, asked.phone, 0, '[]');
    PERFORM crm.route_row(asked.home::integer, epoch_, 'grants', id_, false);
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
            PERFORM crm.answer_none(asked);
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS trouble = MESSAGE_TEXT;
            PERFORM crm.put_aside(asked.branch::integer, asked.epoch::integer, 'grant_requests', asked.id, trouble);
        END;
    END LOOP;
END $$;
