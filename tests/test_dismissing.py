"""What the office lets go to nobody is told to whoever waits for it; on PostgreSQL."""

import json
from pathlib import Path

from click.testing import CliRunner

from crm_tui.cli.commands import main
from crm_tui.office import asides, closing, reports
from crm_tui.office.database import Office
from crm_tui.shop.branches import arrivals, grants, transfers
from crm_tui.shop.customers import cards
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points
from crm_tui.shop.reports.period import Period
from tests.branches import enrol
from tests.office import open_office
from tests.shop import ANI, Shop, ledgers_add_up
from tests.test_routing import Line, kinds, lines, one


def full(office: Office, what: str, line: Line, other: Line, day: str = "-infinity") -> None:
    """Nothing more of it goes on from one branch to another."""
    with office.connected() as own:
        own.execute("INSERT INTO crm.traffic VALUES (%s, %s, %s, %s, 100000)"
                    " ON CONFLICT (branch, other, what, day) DO UPDATE SET rows = 100000",
                    (line.number, other.number, what, day))  # fmt: skip


def dismiss_all(office: Office) -> str:
    told = ""
    for each in asides.look(office):
        words = ["--lang", "id", "--data", str(office.folder.parent), "office", "aside", "dismiss"]
        told += CliRunner().invoke(main, [*words, str(each.number), "--yes"]).output
    return told


def test_goods_that_go_to_nobody(tmp_path: Path) -> None:
    """Goods that the office lets go to nobody have ended for their sender, who reads that none arrived,
    and why, and is to count them; one that went on already is not touched."""
    with lines(tmp_path) as (office, (line, other)):
        transfers.send(line.shop.ctx, other.number, [Goods(6, 1)])
        line.up()
        full(office, "transfers", line, other)
        for pieces in (2, 3):
            transfers.send(line.shop.ctx, other.number, [Goods(6, pieces), Goods(7, 1)])
        line.up()
        with office.connected() as own:
            own.execute("UPDATE crm.odd SET id = 1, rows = 3")
        assert "3 baris" in dismiss_all(office)
        line.down()
        other.down()
        assert [transfers.look(line.shop.ctx, n).ended_at is None for n in (1, 2, 3)] == [
            True, False, False,
        ]  # fmt: skip
        ended = transfers.look(line.shop.ctx, 2)
        assert [(each.arrived, each.missing) for each in ended.lines] == [(0, 2), (0, 1)]
        assert "kantor" in ended.ended_note
        assert line.shop.rows("SELECT id FROM items WHERE recount ORDER BY id") == [
            {"id": 6}, {"id": 7},
        ]  # fmt: skip
        assert other.shop.one("SELECT count(*) FROM arrivals") == 1
        # It went to nobody for good, and the first one is received as ever.
        assert asides.look(office) == []
        line.up()
        arrivals.rest_as_sent(other.shop.ctx, 1)
        arrivals.receive(other.shop.ctx, 1)
        other.up()
        line.down()
        assert transfers.look(line.shop.ctx, 1).lines[0].missing == 0
        for each in (line, other):
            ledgers_add_up(each.shop.ctx)


def test_points_that_go_to_nobody(tmp_path: Path) -> None:
    """A request that the office lets go is answered with none, so that the customer can be asked for
    again; points that were given and let go are back where they were."""
    with lines(tmp_path) as (office, (home, asker)):
        ani = cards.add(home.shop.ctx, cards.Card("Ani", phone=ANI))
        here = cards.add(asker.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(home.shop.ctx, ani, 30, "")
        for line in (asker, home, asker):
            line.up()
            line.down()
        today = str(one(office, "SELECT crm.today()"))
        full(office, "grant_requests", asker, home, today)
        grants.ask(asker.shop.ctx, here, home.number, 20)
        asker.up()
        dismiss_all(office)
        asker.down()
        home.down()
        assert [each.asked for each in grants.elsewhere(asker.shop.ctx, here)] == [0]
        with office.connected() as own:
            own.execute("DELETE FROM crm.traffic")
        # Asked once more, and answered with what is not what was asked for.
        grants.ask(asker.shop.ctx, here, home.number, 20)
        asker.up()
        home.down()
        with office.connected() as own:
            own.execute("INSERT INTO crm.odd (branch, epoch, ledger, id, why) VALUES"
                        " (%s, 1, 'grants', 1, 'not what was asked for')", (home.number,))  # fmt: skip
            own.execute("INSERT INTO crm.routed VALUES (%s, 1, 'grants', 1)", (home.number,))
        home.up()
        dismiss_all(office)
        for line in (home, asker):
            line.down()
        balances = [
            points.balance(line.shop.ctx, who) for line, who in ((home, ani), (asker, here))
        ]
        assert balances == [30, 0]
        assert [each.asked for each in grants.elsewhere(asker.shop.ctx, here)] == [0]


def a_grant_aside(office: Office, home: Line, asker: Line) -> tuple[int, int]:
    """Ani has 30 points at home, 20 of which were given and lie aside; her cards."""
    ani = cards.add(home.shop.ctx, cards.Card("Ani", phone=ANI))
    here = cards.add(asker.shop.ctx, cards.Card("Ani", phone=ANI))
    points.give(home.shop.ctx, ani, 30, "")
    for line in (asker, home, asker):
        line.up()
        line.down()
    grants.ask(asker.shop.ctx, here, home.number, 20)
    asker.up()
    home.down()
    with office.connected() as own:
        own.execute("INSERT INTO crm.odd (branch, epoch, ledger, id, why) VALUES"
                    " (%s, 1, 'grants', 1, 'not what was asked for')", (home.number,))  # fmt: skip
        own.execute("INSERT INTO crm.routed VALUES (%s, 1, 'grants', 1)", (home.number,))
    home.up()
    return ani, here


def test_goods_let_go_are_on_no_way(tmp_path: Path) -> None:
    """Goods that were let go are on the way to nobody: their receiver is closed without them, none come
    back from there, and the office's report says that they are missing."""
    with lines(tmp_path) as (office, (line, other)):
        full(office, "transfers", line, other)
        transfers.send(line.shop.ctx, other.number, [Goods(6, 2)])
        line.up()
        dismiss_all(office)
        line.down()
        side = open_office(office.dsn, tmp_path, line.shop.clock)
        (row,) = reports.find("transfers").rows(side.chain(), Period())
        side.connection.close()
        assert (row["sent"], row["on_the_way"], row["missing"]) == (2, 0, 2)
        assert closing.close(office, "Cabang 1") == []
        assert [kind for kind in kinds(line) if kind == "transfer"] == []


def test_points_let_go_of_a_closed_branch(tmp_path: Path) -> None:
    """Points that a branch gave before it was closed, and that were let go since, are in its books
    again, once; whoever asks is given them from there."""
    with lines(tmp_path) as (office, (home, asker)):
        _, here = a_grant_aside(office, home, asker)
        closing.close(office, "Cabang 0", lost=True)
        assert one(office, "SELECT crm.points_of(%s, %s)", home.number, ANI) == 10
        dismiss_all(office)
        assert one(office, "SELECT crm.points_of(%s, %s)", home.number, ANI) == 30
        asker.down()
        assert points.balance(asker.shop.ctx, here) == 0
        assert [each.asked for each in grants.elsewhere(asker.shop.ctx, here)] == [0]
        grants.ask(asker.shop.ctx, here, home.number, 30)
        asker.up()
        asker.down()
        assert points.balance(asker.shop.ctx, here) == 30
        assert one(office, "SELECT crm.points_of(%s, %s)", home.number, ANI) == 0


def test_points_of_a_closed_branch_passed_on_late(tmp_path: Path) -> None:
    """Points that a branch gave before it was closed, and that are passed on since, come once: the
    office has not answered the same request out of its books."""
    with lines(tmp_path) as (office, (home, asker)):
        _, here = a_grant_aside(office, home, asker)
        closing.close(office, "Cabang 0", lost=True)
        for each in asides.look(office):
            asides.retake(office, each.number)
        asker.down()
        assert points.balance(asker.shop.ctx, here) == 20
        assert one(office, "SELECT crm.points_of(%s, %s)", home.number, ANI) == 10
        assert asides.look(office) == []


def test_points_let_go_that_a_backup_does_not_know(tmp_path: Path) -> None:
    """A branch that was restored to before it gave points that were let go hears of both in their
    order: nothing lies aside there, and the points are where they were."""
    with lines(tmp_path) as (office, (home, asker)):
        a_grant_aside(office, home, asker)
        dismiss_all(office)
        home.sends(2, {"point_lots": 1, "point_moves": 1})
        home.shop.close()
        home.shop = Shop(tmp_path / "restored")
        enrol(home.shop, home.number, "Cabang 0")
        ani = cards.add(home.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(home.shop.ctx, ani, 30, "")
        with home.shop.ctx.store.transaction() as db:
            # The epoch that the restore begins, as `sends` tells it.
            db.execute(
                "INSERT INTO epochs SELECT 2, max(at), 'x', max(at), ? FROM point_lots",
                (json.dumps({"point_lots": 1, "point_moves": 1}),),
            )
        home.down()
        assert points.balance(home.shop.ctx, ani) == 30
        ledgers_add_up(home.shop.ctx)


def test_points_on_the_way_to_a_closed_branch_that_lie_aside(tmp_path: Path) -> None:
    """What could not go back when a branch was closed goes back when it is tried again or let go,
    once."""
    with lines(tmp_path) as (office, (home, asker)):
        ani, _ = a_grant_aside(office, home, asker)
        with office.connected() as own:
            own.execute("UPDATE crm.branches SET closed_at = now() WHERE branch = %s",
                        (asker.number,))  # fmt: skip
            told = (f"{home.number}/1/1", asker.number, f"{asker.number}/1/1", home.number)
            own.execute("INSERT INTO crm.told VALUES ('grant', %s, %s), ('granted', %s, %s)", told)
        for each in asides.look(office):
            asides.retake(office, each.number)
        for _ in range(2):
            home.down()
            assert points.balance(home.shop.ctx, ani) == 30
            with office.connected() as own:
                own.execute("INSERT INTO crm.odd (branch, epoch, ledger, id, why) VALUES"
                            " (%s, 1, 'grants', 1, 'x')", (home.number,))  # fmt: skip
            dismiss_all(office)
        ledgers_add_up(home.shop.ctx)
