-- What a row that came up becomes for others. Run behind downlink.sql.

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
        RAISE EXCEPTION 'sent to another branch';
    END IF;
    IF EXISTS (SELECT 1 FROM crm.transfer_receipt_lines AS l WHERE (l.branch, l.epoch, l.receipt_id)
            = (receipt.branch, receipt.epoch, receipt.id) AND NOT (coalesce(l.arrived, -1) BETWEEN 0 AND 1000000000000
                AND coalesce(l.broken, -1) BETWEEN 0 AND 1000000000000 AND l.line BETWEEN 0 AND 1000000)) THEN
        RAISE EXCEPTION 'no receipt of goods';
    END IF;
    -- An office that was restored may hear of it before the transfer comes again, which tells it then.
    IF to_ IS NOT NULL THEN
        IF crm.tell_once(receipt.from_branch::integer, 'transfer_receipt', key,
            jsonb_build_object('by', receipt.branch, 'at', crm.iso_of(receipt.at), 'actor',
                coalesce(receipt.actor, ''),
                'note', receipt.note,
                'lines', (SELECT coalesce(jsonb_agg(jsonb_build_array(l.line, l.arrived, l.broken)
                              ORDER BY l.line), '[]')
                          FROM crm.transfer_receipt_lines AS l WHERE (l.branch, l.epoch, l.receipt_id)
                              = (receipt.branch, receipt.epoch, receipt.id)))) THEN
            -- There is room for others on the way.
            PERFORM crm.count(receipt.from_branch::integer, 'transfers', to_, -1, '-infinity'),
                crm.count(receipt.from_branch::integer, 'lines', to_, -(SELECT count(*)
                    FROM crm.transfer_lines AS l WHERE (l.branch, l.epoch, l.transfer_id)
                        = (receipt.from_branch, receipt.from_epoch, receipt.from_id)), '-infinity');
        END IF;
    END IF;
END $$;

-- Whether a person was taken out of a text (`crm.blot`).
CREATE OR REPLACE FUNCTION crm.blotted(said text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(said, '') = '' OR strpos(said, '…') > 0
$$;

-- Points that a branch gives, to the one that asked it for them: never more than that, and once. Which
-- request it answers says whose they are, also where the customer was erased since at one of the two. Where
-- that is who asked, they go back; where it is both, they are nobody's.
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
    IF request.home <> granted.branch OR lots IS NULL OR coalesce(granted.points, -1) < 0
        OR EXISTS (SELECT 1 FROM jsonb_array_elements(lots) AS l WHERE jsonb_array_length(l) <> 2
            OR coalesce(l ->> 1, '2100-01-01T00:00:00.000Z')
                !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$'
            OR (l ->> 1)::timestamptz NOT BETWEEN '2000-01-02' AND '2199-12-30')
        OR (request.phone <> granted.phone
            AND NOT crm.blotted(request.phone) AND NOT crm.blotted(granted.phone))
        OR granted.points > request.points
        OR granted.points < (SELECT coalesce(sum((l ->> 0)::bigint), 0) FROM jsonb_array_elements(lots) AS l)
        OR EXISTS (SELECT 1 FROM jsonb_array_elements(lots) AS l WHERE (l ->> 0)::bigint < 1) THEN
        RAISE EXCEPTION 'not what was asked for';
    END IF;
    INSERT INTO crm.told VALUES ('granted', format('%s/%s/%s', granted.to_branch,
        granted.to_epoch, granted.to_id), granted.branch) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        IF NOT crm.blotted(request.phone) THEN
            PERFORM crm.tell_once(granted.to_branch::integer, 'grant', format('%s/%s/%s', granted.branch,
                granted.epoch, granted.id),
                crm.grant_body(granted) || jsonb_build_object('phone', request.phone));
        END IF;
        IF crm.is_closed(granted.to_branch) OR crm.blotted(request.phone)
            AND NOT crm.blotted(granted.phone) THEN
            PERFORM crm.return_points(granted);
        END IF;
    ELSE
        -- It could not go back when that one was closed.
        PERFORM crm.return_open(granted);
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

-- Whether a transfer is one that its receiver can take in (`arrivals.announced`).
CREATE OR REPLACE FUNCTION crm.is_transfer(own integer, epoch_ integer, id_ bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, crm, pg_temp AS $$
    SELECT id_ BETWEEN 1 AND 1000000000000 AND count(*) BETWEEN 1 AND 1000 AND bool_and(
        coalesce(btrim(l.code), '') <> '' AND length(l.code) <= 40 AND l.name IS NOT NULL
        AND l.unit IS NOT NULL AND coalesce(l.quantity, 0) BETWEEN 1 AND 1000000000000
        AND coalesce(l.price, -1) BETWEEN 0 AND 1000000000000
        AND coalesce(l.cost, 0) BETWEEN 0 AND 1000000000000 AND l.line BETWEEN 0 AND 1000000)
    FROM crm.transfer_lines AS l WHERE (l.branch, l.epoch, l.transfer_id) = (own, epoch_, id_)
$$;

-- `bounded` false: also what is too much (`limits.sql`).
CREATE OR REPLACE FUNCTION crm.route_row(own integer, epoch_ integer, ledger text, id_ bigint,
    bounded boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, crm, pg_temp AS $$
DECLARE
    key text := format('%s/%s/%s', own, epoch_, id_);
    sent crm.transfers;
    request crm.grant_requests;
    said crm.consents;
    numbers text[];
    lift record;
BEGIN
    CASE ledger
    WHEN 'transfers' THEN
        SELECT * INTO sent FROM crm.transfers AS t WHERE (t.branch, t.epoch, t.id) = (own, epoch_, id_);
        IF NOT crm.is_transfer(own, epoch_, id_) THEN
            RAISE EXCEPTION 'no transfer that can be received';
        END IF;
        IF crm.tell_once(sent.to_branch::integer, 'transfer', key, crm.transfer_body(own, epoch_, id_)) THEN
            PERFORM crm.count_bounded(own, 'transfers', sent.to_branch, 1, '-infinity', bounded),
                crm.count_bounded(own, 'lines', sent.to_branch, (SELECT count(*) FROM crm.transfer_lines AS l
                    WHERE (l.branch, l.epoch, l.transfer_id) = (own, epoch_, id_)), '-infinity', bounded);
        END IF;
        PERFORM crm.tell_receipt(r) FROM crm.transfer_receipts AS r WHERE (r.from_branch, r.from_epoch,
            r.from_id) = (own, epoch_, id_) AND crm.whole('transfer_receipts', r.branch, r.epoch, r.id)
            AND r.branch = (SELECT t.to_branch FROM crm.transfers AS t
                WHERE (t.branch, t.epoch, t.id) = (own, epoch_, id_));
        -- Sent by a branch that has not heard of it.
        IF crm.is_closed(sent.to_branch) THEN
            PERFORM crm.return_goods(sent);
        END IF;
    WHEN 'transfer_receipts' THEN
        PERFORM crm.tell_receipt(r) FROM crm.transfer_receipts AS r
            WHERE (r.branch, r.epoch, r.id) = (own, epoch_, id_);
    WHEN 'grant_requests' THEN
        SELECT * INTO request FROM crm.grant_requests AS r
            WHERE (r.branch, r.epoch, r.id) = (own, epoch_, id_);
        IF NOT coalesce(request.points, 0) BETWEEN 1 AND 1000000000000 OR length(request.phone) > 20 THEN
            RAISE EXCEPTION 'no request for points';
        END IF;
        -- Who was erased since wants none.
        IF NOT crm.blotted(request.phone) AND crm.tell_once(request.home::integer, 'grant_request', key,
            jsonb_build_object('phone', request.phone, 'points', request.points,
                'at', crm.iso_of(request.at)))
        THEN
            PERFORM crm.count_bounded(own, 'grant_requests', request.home, 1, crm.today(), bounded);
        END IF;
        PERFORM crm.tell_grant(g) FROM crm.grants AS g WHERE (g.to_branch, g.to_epoch, g.to_id)
            = (own, epoch_, id_) AND g.branch = request.home;
        IF crm.is_closed(request.home) THEN
            PERFORM crm.answer_for(request);
        END IF;
    WHEN 'grants' THEN
        PERFORM crm.tell_grant(g) FROM crm.grants AS g WHERE (g.branch, g.epoch, g.id) = (own, epoch_, id_);
    WHEN 'consents' THEN
        SELECT * INTO said FROM crm.consents AS c
            WHERE (c.branch, c.epoch, c.id) = (own, epoch_, id_);
        IF said.answer = 'stopped' AND said.actor NOT LIKE 'chain:%' THEN
            numbers := ARRAY(SELECT crm.numbers_of(own, said.customer_id));
            IF EXISTS (SELECT 1 FROM crm.stops AS s WHERE s.phone = ANY (numbers) AND s.branch = own
                AND (s.epoch, s.id) <> (epoch_, id_) AND NOT EXISTS (SELECT 1 FROM crm.lifts AS l
                    WHERE (l.branch, l.epoch, l.id) = (s.branch, s.epoch, s.id))) THEN
                -- They are stopped already, wherever they are known.
                PERFORM crm.count_bounded(own, 'again', 0, 1, crm.today(), bounded);
            ELSIF EXISTS (SELECT 1 FROM crm.phones AS p WHERE p.number = ANY (numbers) AND NOT p.gone
                AND p.branch <> own) THEN
                PERFORM crm.count(own, 'stops', 0, 1, crm.today());
            END IF;
            PERFORM crm.note_stop(own, epoch_, id_, numbers), crm.tell_stops(numbers);
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
                RAISE EXCEPTION 'a STOP that was not told';
            END IF;
            INSERT INTO crm.lifts VALUES (lift.of_branch, lift.of_epoch, lift.of_id)
                ON CONFLICT DO NOTHING;
            IF FOUND THEN
                PERFORM crm.count_bounded(own, 'lifts', 0, 1, crm.today(), bounded);
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
