-- The points of a branch that closes: who may still spend them, and which of them others have by now. Run behind
-- closing.sql; every statement may run again.

-- Points that lie in a branch's books, and of how many of its customers.
CREATE OR REPLACE FUNCTION crm.points_at_home(own integer) RETURNS TABLE (customers bigint, points bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT count(*), coalesce(sum(held), 0)::bigint FROM (SELECT sum(m.points) AS held
        FROM crm.point_lots AS l JOIN crm.point_moves AS m ON m.branch = own AND m.lot_id = l.id
            AND crm.lives(own, m.epoch, 'point_moves', m.id)
        WHERE l.branch = own AND crm.lives(own, l.epoch, 'point_lots', l.id)
            AND (l.expires_at IS NULL OR l.expires_at > now())
        GROUP BY l.customer_id HAVING sum(m.points) > 0) AS each
$$;

-- Whether the program of a branch spends on, whatever it hears: those before this version do.
CREATE OR REPLACE FUNCTION crm.cannot_hear(own integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM crm.branches AS b WHERE b.branch = own AND b.version < 5)
$$;

-- Whether a branch may still spend points that the office would give out of its books, or earn some of which it has
-- not told, or take in what would go back: its customers have or had points, or something is on the way to it, and it
-- has not said yet, with all its rows, that it heard of its end.
CREATE OR REPLACE FUNCTION crm.still_spends(own integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM crm.branches AS b WHERE b.branch = own
        AND (b.closing_seq IS NULL OR b.cursor < b.closing_seq OR b.behind IS DISTINCT FROM 0
            OR crm.cannot_hear(own)))
        AND (EXISTS (SELECT 1 FROM crm.point_lots AS l WHERE l.branch = own)
            OR EXISTS (SELECT 1 FROM crm.goods_open AS t WHERE t.to_branch = own)
            OR EXISTS (SELECT 1 FROM crm.points_open AS g WHERE g.to_branch = own))
$$;

-- A branch that travels as files has said so in one: it has all up to `cursor_`, and spends no more.
CREATE OR REPLACE FUNCTION crm.has_heard(own integer, cursor_ bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, crm, pg_temp AS $$
    UPDATE crm.branches AS b SET cursor = greatest(b.cursor, cursor_), behind = 0
        WHERE b.branch = own AND b.closing_seq <= cursor_
$$;

-- An office that was put back may have forgotten that points of a closed branch went, by the branch itself or in its
-- name; whoever got them says so. They go out of its books once more, under the key that they came with, before
-- any others of the same customer do.
CREATE OR REPLACE FUNCTION crm.heed_arrivals(own integer, number text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    came crm.point_arrivals;
    asked crm.grant_requests;
    for_ text;
    left_ bigint;
    part bigint;
    lot record;
BEGIN
    FOR came IN SELECT p.* FROM crm.point_arrivals AS p WHERE p.from_branch = own
        AND p.phone IN (SELECT crm.numbers_of(own, n.customer_id) FROM crm.phones AS n
            WHERE n.branch = own AND n.key = heed_arrivals.number AND NOT n.gone)
        AND NOT EXISTS (SELECT 1 FROM crm.grants AS g WHERE g.branch = own
            AND (g.epoch, g.id) = (p.from_epoch, p.from_id))
        AND crm.lives(p.branch, p.epoch, 'point_arrivals', p.id) ORDER BY p.branch, p.epoch, p.id
    LOOP
        SELECT * INTO asked FROM crm.grant_requests AS r WHERE r.branch = came.branch AND r.id = came.request_id
            AND r.epoch <= came.epoch AND r.home = own ORDER BY r.epoch DESC LIMIT 1;
        CONTINUE WHEN NOT FOUND;
        for_ := format('branch %s/%s/%s', asked.branch, asked.epoch, asked.id);
        left_ := came.points;
        FOR lot IN SELECT * FROM crm.lots_of(own, came.phone) WHERE rest > 0 ORDER BY expires_at, id LOOP
            EXIT WHEN left_ <= 0;
            part := least(lot.rest, left_);
            left_ := left_ - part;
            INSERT INTO crm.point_moves (branch, epoch, id, lot_id, at, points, kind, actor, note)
                VALUES (own, crm.epoch_after(own), crm.number_after(own, 'point_moves'), lot.id,
                    clock_timestamp(), -part, 'moved_out', 'chain:office', for_);
        END LOOP;
        INSERT INTO crm.told VALUES ('granted', substr(for_, 8), own),
            ('grant', format('%s/%s/%s', own, came.from_epoch, came.from_id), came.branch) ON CONFLICT DO NOTHING;
        INSERT INTO crm.grants (branch, epoch, id, at, actor, to_branch, to_epoch, to_id, phone, points, lots)
            VALUES (own, came.from_epoch, came.from_id, clock_timestamp(), 'chain:office', asked.branch,
                asked.epoch, asked.id, asked.phone, came.points, '[]');
    END LOOP;
END $$;
